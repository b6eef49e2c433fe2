// A loaded plugin and its instances: the C border seen from the host, as results.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "plugin_api/connector_plugin.hpp"

namespace host {

using connector::Error;
using connector::Result;
using connector::Status;

// The exported functions of a plugin that is loaded for good. Any thread.
class Plugin {
 public:
  struct Functions {
    decltype(&connector_init) init = nullptr;
    decltype(&connector_configure) configure = nullptr;
    decltype(&connector_next_batch) next_batch = nullptr;
    decltype(&connector_check) check = nullptr;  // may be null
    decltype(&connector_cancel) cancel = nullptr;
    decltype(&connector_destroy) destroy = nullptr;
  };
  Plugin(std::string file, Functions functions, nlohmann::json description)
      : file_(std::move(file)), functions_(functions), description_(std::move(description)) {}

  const std::string& file() const { return file_; }
  const Functions& functions() const { return functions_; }
  const nlohmann::json& description() const { return description_; }
  const std::string& name() const { return description_.at("name").get_ref<const std::string&>(); }

 private:
  std::string file_;
  Functions functions_;
  nlohmann::json description_;
};

// The record at `index`, by the plugin's stride.
connector_record record_at(const connector_batch& batch, size_t index);

// A batch on loan from a plugin: checked (caps, one line a record, non-null views) before anybody
// sees it, released exactly once, from any thread.
class PluginBatch {
 public:
  explicit PluginBatch(connector_batch batch) : batch_(batch) {}
  PluginBatch(PluginBatch&& other) noexcept;
  PluginBatch& operator=(PluginBatch&& other) noexcept;
  ~PluginBatch();

  size_t size() const { return batch_.record_count; }
  connector_record record(size_t index) const { return record_at(batch_, index); }
  std::string_view checkpoint() const { return connector::view(batch_.checkpoint); }
  std::string_view notice() const { return connector::view(batch_.notice); }
  connector::Wait wait() const { return {batch_.wait_ns, batch_.wait_reason}; }
  // All that the plugin can hand over for now.
  bool has_all() const {
    return batch_.wait_reason == CONNECTOR_WAIT_IDLE || batch_.wait_reason == CONNECTOR_WAIT_END;
  }
  int32_t progress() const { return batch_.progress; }
  int64_t watermark_ns() const { return batch_.watermark_ns; }

 private:
  connector_batch batch_;
};

// One instance. Calls are serialised by the caller, but for cancel, which any thread may call.
class PluginInstance {
 public:
  // `services` outlives the instance.
  static Result<std::unique_ptr<PluginInstance>> make(std::shared_ptr<const Plugin> plugin,
                                                      const connector_host& services);
  ~PluginInstance();
  PluginInstance(const PluginInstance&) = delete;
  PluginInstance& operator=(const PluginInstance&) = delete;

  Result<void> configure(std::string_view settings, std::string_view checkpoint);
  // INTERNAL when the batch breaks the border's promises; it is released all the same.
  Result<PluginBatch> next_batch(const connector::Request& request);
  // The same; INTERNAL also when the plugin has no such function.
  Result<PluginBatch> check(const connector::Request& request);
  void cancel();

 private:
  PluginInstance(std::shared_ptr<const Plugin> plugin, connector_instance* instance);
  Result<PluginBatch> step(decltype(&connector_next_batch) function, const char* call,
                           const connector::Request& request);

  std::shared_ptr<const Plugin> plugin_;
  connector_instance* instance_;
};

}  // namespace host
