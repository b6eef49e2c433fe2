// The place of a pipeline's plugin instance, where another thread can find it to cancel it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "host_sim/plugin.hpp"

namespace host {

// All but cancel and call_in_progress belong to the pipeline's turn; those two, to any thread.
class InstanceSlot {
 public:
  // Makes an instance and configures it.
  Result<void> fill(std::shared_ptr<const Plugin> plugin, const connector_host& services,
                    const std::string& settings, const std::string& checkpoint);
  Result<PluginBatch> next_batch(const connector::Request& request);
  // Destroys the instance, if there is one.
  void empty();

  // Sticky: an instance that is made later is cancelled at once.
  void cancel();
  // The plugin's function that has not returned yet, or null.
  const char* call_in_progress() const { return call_; }

 private:
  std::mutex mutex_;
  std::unique_ptr<PluginInstance> instance_;
  bool cancelled_ = false;
  std::atomic<const char*> call_ = nullptr;
};

}  // namespace host
