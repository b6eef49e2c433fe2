#include "host_sim/instance_slot.hpp"

#include <utility>

namespace host {

Result<void> InstanceSlot::fill(std::shared_ptr<const Plugin> plugin,
                                const connector_host& services, const std::string& settings,
                                const std::string& checkpoint) {
  call_ = "connector_init";
  Result<std::unique_ptr<PluginInstance>> made = PluginInstance::make(std::move(plugin), services);
  call_ = nullptr;
  if (!made) return std::move(made).error();
  {
    const std::lock_guard lock(mutex_);
    instance_ = *std::move(made);
    if (cancelled_) instance_->cancel();
  }
  call_ = "connector_configure";
  Result<void> configured = instance_->configure(settings, checkpoint);
  call_ = nullptr;
  return configured;
}

Result<PluginBatch> InstanceSlot::next_batch(const connector::Request& request) {
  call_ = "connector_next_batch";
  Result<PluginBatch> batch = instance_->next_batch(request);
  call_ = nullptr;
  return batch;
}

void InstanceSlot::empty() {
  std::unique_ptr<PluginInstance> old;
  {
    const std::lock_guard lock(mutex_);
    old = std::move(instance_);
  }
  call_ = "connector_destroy";
  old.reset();
  call_ = nullptr;
}

void InstanceSlot::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (instance_) instance_->cancel();
}

}  // namespace host
