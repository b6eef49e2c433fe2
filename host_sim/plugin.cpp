#include "host_sim/plugin.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_batch.hpp"
#include "host_sim/plugin_call.hpp"

namespace host {
namespace {

constexpr size_t kManyMistakes = size_t{64} << 10;  // of settings: all at once
// A step is called so often that a buffer for a thousand mistakes would be most of its work.
constexpr size_t kOneReason = size_t{8} << 10;

// The struct that a plugin fills on failure, with a buffer that is the host's, and zeroed: a plugin
// that claims to have written what it has not shows zeros, not the host's memory.
class ErrorBuffer {
 public:
  explicit ErrorBuffer(size_t capacity) : text_(capacity, '\0') {
    error_.size = sizeof error_;
    error_.text = text_.data();
    error_.text_capacity = text_.size();
  }

  connector_error* get() { return &error_; }

  Error take(const Plugin& plugin, const char* call, int32_t status) const {
    const Status known = status_of(status);
    const std::string_view raw(text_.data(), std::min(error_.text_size, text_.size()));
    std::string text = known == Status::kConfig ? plain_lines(raw) : one_line(raw);
    if (text.empty())
      text = plugin.name() + ": " + call + " failed with status " + std::to_string(status) +
             " and gave no reason";
    return {known, std::move(text), wait(), error_.http_status};
  }

 private:
  static Status status_of(int32_t status) {
    const bool known = status < CONNECTOR_OK && status >= CONNECTOR_ERROR_INTERNAL;
    return known ? static_cast<Status>(status) : Status::kInternal;
  }

  connector::Wait wait() const {
    const int32_t reason = error_.wait_reason;
    return {std::clamp(error_.wait_ns, int64_t{0}, kLongestWaitNs),
            is_wait_reason(reason) ? reason : CONNECTOR_WAIT_BACKOFF};
  }

  std::string text_;
  connector_error error_{};
};

template <class Function, class... Arguments>
auto called(const char* name, Function function, Arguments... arguments) {
  const PluginCall call(name);
  return function(arguments...);
}

}  // namespace

connector_record record_at(const connector_batch& batch, size_t index) {
  const auto* first = reinterpret_cast<const char*>(batch.records);
  connector_record record;
  std::memcpy(&record, first + index * batch.record_stride, sizeof record);
  return record;
}

PluginBatch::PluginBatch(PluginBatch&& other) noexcept
    : batch_(std::exchange(other.batch_, connector_batch{})) {}

PluginBatch& PluginBatch::operator=(PluginBatch&& other) noexcept {
  std::swap(batch_, other.batch_);
  return *this;
}

PluginBatch::~PluginBatch() {
  if (!batch_.release) return;
  const PluginCall call("a batch's release");
  batch_.release(batch_.owner);
}

Result<std::unique_ptr<PluginInstance>> PluginInstance::make(std::shared_ptr<const Plugin> plugin,
                                                             const connector_host& services) {
  ErrorBuffer error(kManyMistakes);
  connector_instance* instance = nullptr;
  const int32_t status =
      called("connector_init", plugin->functions().init, &services, &instance, error.get());
  if (status != CONNECTOR_OK) return error.take(*plugin, "connector_init", status);
  if (!instance)
    return Error{Status::kInternal, plugin->name() + ": connector_init gave no instance"};
  return std::unique_ptr<PluginInstance>(new PluginInstance(std::move(plugin), instance));
}

PluginInstance::PluginInstance(std::shared_ptr<const Plugin> plugin, connector_instance* instance)
    : plugin_(std::move(plugin)), instance_(instance) {}

PluginInstance::~PluginInstance() {
  called("connector_destroy", plugin_->functions().destroy, instance_);
}

Result<void> PluginInstance::configure(std::string_view settings, std::string_view checkpoint) {
  const connector_configuration configuration{sizeof configuration, connector::text(settings),
                                              connector::text(checkpoint)};
  ErrorBuffer error(kManyMistakes);
  const int32_t status = called("connector_configure", plugin_->functions().configure, instance_,
                                &configuration, error.get());
  if (status == CONNECTOR_OK) return {};
  return error.take(*plugin_, "connector_configure", status);
}

Result<PluginBatch> PluginInstance::next_batch(const connector::Request& request) {
  return step(plugin_->functions().next_batch, "connector_next_batch", request);
}

Result<PluginBatch> PluginInstance::check(const connector::Request& request) {
  if (plugin_->functions().check)
    return step(plugin_->functions().check, "connector_check", request);
  return Error{Status::kInternal, plugin_->name() + " has no live test (connector_check)"};
}

Result<PluginBatch> PluginInstance::step(decltype(&connector_next_batch) function, const char* call,
                                         const connector::Request& request) {
  const connector_request asked{sizeof asked, request.max_records, request.max_bytes,
                                request.deadline_ns};
  connector_batch batch{};
  batch.size = sizeof batch;
  ErrorBuffer error(kOneReason);
  const int32_t status = called(call, function, instance_, &asked, &batch, error.get());
  if (status != CONNECTOR_OK) return error.take(*plugin_, call, status);
  PluginBatch result(batch);  // from here on it is released, whatever it holds
  const std::string fault = fault_of(batch);
  if (fault.empty()) return result;
  return Error{Status::kInternal,
               plugin_->name() + ": " + call + " gave a batch that breaks the rules: " + fault};
}

void PluginInstance::cancel() {
  called("connector_cancel", plugin_->functions().cancel, instance_);
}

}  // namespace host
