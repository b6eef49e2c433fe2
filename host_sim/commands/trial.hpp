// One plugin instance outside a host: for a look that touches neither state nor output.
#pragma once

#include <memory>
#include <string>

#include "host_sim/commands/context.hpp"
#include "host_sim/host_services.hpp"
#include "host_sim/manifest.hpp"
#include "host_sim/plugin.hpp"
#include "host_sim/plugin_call.hpp"

namespace host::commands {

// One thread.
class Trial {
 public:
  // `pipeline`, `context` and `pace` outlive it.
  Trial(const PipelineManifest& pipeline, std::shared_ptr<const Plugin> plugin,
        const Context& context, Pace& pace);

  // Secrets that are not there, as mistakes in the manifest.
  std::vector<Mistake> problems() { return secrets_.problems(); }
  // Before the calls that follow.
  Result<void> configure(const nlohmann::json& settings, const std::string& checkpoint);
  Result<PluginBatch> next_batch();
  Result<PluginBatch> check();
  void wait(int64_t wait_ns);

  // Text of the plugin as one line that holds no secret.
  std::string clean(std::string_view text);
  // What it has reported so far.
  std::vector<Metric> metrics() { return metrics_.snapshot(); }

 private:
  connector::Request request();

  const std::shared_ptr<const Plugin> plugin_;
  const Context& context_;
  const std::map<std::string, std::string> properties_;
  Secrets secrets_;
  Metrics metrics_;
  Scrubber scrubber_;
  HostServices services_;
  PluginTrace trace_;
  const PluginTurn turn_;
  std::unique_ptr<PluginInstance> instance_;
};

}  // namespace host::commands
