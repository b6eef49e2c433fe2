// The place of a pipeline's plugin instance, where another thread can find it to cancel it.
#pragma once

#include <memory>
#include <mutex>

#include "host_sim/plugin.hpp"

namespace host {

// All but cancel, which any thread may call, belong to the pipeline's turn.
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

 private:
  std::mutex mutex_;
  std::unique_ptr<PluginInstance> instance_;
  bool cancelled_ = false;
};

}  // namespace host
