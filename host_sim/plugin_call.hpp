// Which plugin's function each thread is in, for whoever asks why it hangs or crashed.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace host {

// What the plugin of one pipeline is at. Outlives the calls that are made for it. Any thread.
class PluginTrace {
 public:
  // `pipeline` is empty where a plugin is only being loaded.
  PluginTrace(std::string pipeline, std::string plugin)
      : pipeline_(std::move(pipeline)), plugin_(std::move(plugin)) {}

  const std::string& pipeline() const { return pipeline_; }
  const std::string& plugin() const { return plugin_; }
  // The function that has not returned yet, or null. Async-signal-safe.
  const char* call_in_progress() const { return call_; }
  // How many have begun.
  uint64_t calls() const { return calls_; }

 private:
  friend class PluginCall;

  const std::string pipeline_;
  const std::string plugin_;
  std::atomic<const char*> call_ = nullptr;
  std::atomic<uint64_t> calls_ = 0;
};

// While it lives, the calls that this thread makes belong to `trace`.
class PluginTurn {
 public:
  explicit PluginTurn(PluginTrace& trace);
  ~PluginTurn();
  PluginTurn(const PluginTurn&) = delete;
  PluginTurn& operator=(const PluginTurn&) = delete;

 private:
  PluginTrace* const before_;
};

// While it lives, this thread is in `function` of a plugin: a text that lasts for ever.
class PluginCall {
 public:
  explicit PluginCall(const char* function);
  ~PluginCall();
  PluginCall(const PluginCall&) = delete;
  PluginCall& operator=(const PluginCall&) = delete;
};

// Where this thread is inside a plugin; else null. Async-signal-safe.
const PluginTrace* plugin_that_is_called();

}  // namespace host
