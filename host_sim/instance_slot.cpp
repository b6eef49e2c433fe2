#include "host_sim/instance_slot.hpp"

#include <utility>

namespace host {

Result<void> InstanceSlot::fill(std::shared_ptr<const Plugin> plugin,
                                const connector_host& services, const std::string& settings,
                                const std::string& checkpoint) {
  Result<std::unique_ptr<PluginInstance>> made = PluginInstance::make(std::move(plugin), services);
  if (!made) return std::move(made).error();
  {
    const std::lock_guard lock(mutex_);
    instance_ = *std::move(made);
    if (cancelled_) instance_->cancel();
  }
  return instance_->configure(settings, checkpoint);
}

Result<PluginBatch> InstanceSlot::next_batch(const connector::Request& request) {
  return instance_->next_batch(request);
}

void InstanceSlot::empty() {
  std::unique_ptr<PluginInstance> old;  // destroyed outside of the lock, for that may hang
  const std::lock_guard lock(mutex_);
  old = std::move(instance_);
}

void InstanceSlot::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (instance_) instance_->cancel();
}

}  // namespace host
