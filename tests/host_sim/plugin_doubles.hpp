// A plugin made of functions of the test itself: the border without a shared object.
#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <string_view>

#include "host_sim/plugin.hpp"

namespace host {

// What the double does next. Its only instance is this object.
struct PluginDouble {
  int32_t status = CONNECTOR_OK;
  std::function<void(connector_batch&)> fill_batch = [](connector_batch&) {};
  std::function<void(connector_error&)> fill_error = [](connector_error&) {};
  connector_request last_request{};
  std::string settings;
  std::string checkpoint;
  int released = 0;
  int destroyed = 0;
  int cancelled = 0;
  bool gives_instance = true;

  static PluginDouble& of(connector_instance* instance) {
    return *reinterpret_cast<PluginDouble*>(instance);
  }

  static int32_t next_batch(connector_instance* instance, const connector_request* request,
                            connector_batch* batch, connector_error* error) {
    PluginDouble& self = of(instance);
    self.last_request = *request;
    batch->progress = CONNECTOR_PROGRESS_UNKNOWN;
    batch->watermark_ns = CONNECTOR_TIME_UNKNOWN;
    batch->owner = &self;
    batch->release = [](void* owner) { ++static_cast<PluginDouble*>(owner)->released; };
    self.fill_batch(*batch);
    self.fill_error(*error);
    return self.status;
  }

  // `init` reaches the double through the host's context.
  std::shared_ptr<const Plugin> plugin(bool with_check) {
    Plugin::Functions functions;
    functions.init = [](const connector_host* host, connector_instance** instance,
                        connector_error* error) {
      auto& self = *static_cast<PluginDouble*>(host->context);
      if (self.gives_instance) *instance = reinterpret_cast<connector_instance*>(&self);
      self.fill_error(*error);
      return self.status;
    };
    functions.configure = [](connector_instance* instance, const connector_configuration* from,
                             connector_error* error) {
      of(instance).settings = connector::view(from->settings);
      of(instance).checkpoint = connector::view(from->checkpoint);
      of(instance).fill_error(*error);
      return of(instance).status;
    };
    functions.next_batch = next_batch;
    functions.check = with_check ? next_batch : nullptr;
    functions.cancel = [](connector_instance* instance) { ++of(instance).cancelled; };
    functions.destroy = [](connector_instance* instance) { ++of(instance).destroyed; };
    return std::make_shared<const Plugin>("/double.so", functions,
                                          nlohmann::json{{"name", "double"}});
  }

  connector_host services() {
    connector_host host{};
    host.size = sizeof host;
    host.context = this;
    return host;
  }
};

}  // namespace host
