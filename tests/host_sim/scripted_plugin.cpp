#include "tests/host_sim/scripted_plugin.hpp"

#include <cstdint>

namespace host::test {
namespace {

class Scripted {
 public:
  explicit Scripted(connector::Host host) : host_(host) {}

  Result<void> configure(std::string_view settings, std::string_view checkpoint) {
    const auto address = nlohmann::json::parse(settings).at("script").get<uintptr_t>();
    script_ = reinterpret_cast<Script*>(address);
    position_ = checkpoint.empty() ? 0 : std::stoll(std::string(checkpoint));
    return script_.load()->configure(settings, position_);
  }
  Result<Batch> next_batch(const Request&) { return script_.load()->next(host_, position_); }
  void cancel() {
    if (Script* script = script_) script->cancel();
  }

 private:
  const connector::Host host_;
  std::atomic<Script*> script_ = nullptr;
  int64_t position_ = 0;
};

int32_t next_batch(connector_instance* instance, const connector_request* request,
                   connector_batch* batch, connector_error* error) {
  return connector::border::step<Scripted>(
      instance, request, batch, error,
      [](Scripted& plugin, const Request& step) { return plugin.next_batch(step); });
}

}  // namespace

nlohmann::json settings_for(Script& script) {
  return {{"script", reinterpret_cast<uintptr_t>(&script)}};
}

std::shared_ptr<const Plugin> scripted_plugin() {
  Plugin::Functions functions;
  functions.init = connector::border::init<Scripted>;
  functions.configure = connector::border::configure<Scripted>;
  functions.next_batch = next_batch;
  functions.cancel = [](connector_instance* instance) {
    connector::border::self<Scripted>(instance)->cancel();
  };
  functions.destroy = [](connector_instance* instance) {
    delete connector::border::self<Scripted>(instance);
  };
  return std::make_shared<const Plugin>("/scripted.so", functions,
                                        nlohmann::json{{"name", "scripted"}});
}

Batch counting_batch(int64_t from, int64_t count, connector::Wait wait) {
  auto memory = std::make_shared<std::deque<std::string>>();
  Batch batch;
  for (int64_t n = from; n < from + count; ++n) {
    const std::string& data = memory->emplace_back("{\"n\":" + std::to_string(n) + "}");
    const std::string& id = memory->emplace_back(std::to_string(n));
    batch.records.push_back({connector::text(data), connector::text(id), CONNECTOR_TIME_UNKNOWN});
  }
  batch.memory = memory;
  batch.checkpoint = std::to_string(from + count);
  batch.watermark_ns = (from + count) * kSecond;
  batch.wait = wait;
  return batch;
}

Result<void> CountingScript::configure(std::string_view, int64_t) {
  ++configured_;
  return {};
}

Result<Batch> CountingScript::next(const connector::Host&, int64_t& position) {
  ++calls_;
  if (!failures_.empty()) {
    Error error = std::move(failures_.front());
    failures_.pop_front();
    return error;
  }
  const int64_t from = position;
  const int64_t count = std::min(batch_size_, total_ - from);
  position += count;
  if (count > 0) return counting_batch(from, count);
  Batch idle;
  idle.wait = {kMinute, CONNECTOR_WAIT_IDLE};
  return idle;
}

Result<Batch> HangingScript::next(const connector::Host&, int64_t&) {
  ++hanging_;
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return cancelled_; });
  return Error{Status::kCancelled, "cancelled"};
}

void HangingScript::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  wake_.notify_all();
}

}  // namespace host::test
