// A plugin that counts: records {"n":0} to {"n":total - 1}, one batch a step, then it is idle. For
// the tests of the host's program.
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "connector_plugin.hpp"

namespace {

using connector::Batch;
using connector::Result;

constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;

class Counter {
 public:
  static std::string_view describe() {
    return R"({
      "name": "counter", "version": "1.0.0", "summary": "Counts",
      "settings": {
        "type": "object", "additionalProperties": false, "required": ["total"],
        "properties": {
          "total": {"type": "integer"},
          "batch": {"type": "integer"},
          "mood": {"enum": ["refuses", "hangs", "waits", "auth"]}
        }
      },
      "secrets": [{"name": "key", "description": "said in the log", "required": false}],
      "pace_key": [], "preview": {"total": 1000000}, "build": {}
    })";
  }

  explicit Counter(connector::Host host) : host_(host) {}

  Result<void> configure(std::string_view settings, std::string_view checkpoint) {
    const auto json = nlohmann::json::parse(settings);
    total_ = json.at("total");
    batch_ = json.value("batch", int64_t{10});
    mood_ = json.value("mood", std::string());
    next_ = checkpoint.empty() ? 0 : std::stoll(std::string(checkpoint));
    if (mood_ == "refuses")
      return connector::Error{connector::Status::kConfig, "/total: is too much; give less"};
    return {};
  }

  Result<Batch> next_batch(const connector::Request&) {
    if (const auto key = host_.secret("key"); key)
      host_.log(CONNECTOR_LOG_INFO, "the key is " + std::string(key->value()));
    if (mood_ == "hangs") return hang();
    if (mood_ == "auth")
      return connector::Error{connector::Status::kAuth, "the key is refused; check it"};
    Batch batch = count();
    if (batch.records.empty()) batch.wait = {kHour, CONNECTOR_WAIT_IDLE};
    if (mood_ == "waits") batch.wait = {kHour, CONNECTOR_WAIT_RATE_LIMIT};
    return batch;
  }

  Result<Batch> check(const connector::Request&) {
    const bool ok = mood_ != "auth";
    auto memory = std::make_shared<std::vector<std::string>>();
    memory->push_back(R"({"step":"network","ok":true,"detail":"it answers","remedy":""})");
    memory->push_back(nlohmann::json{
        {"step", "key"}, {"ok", ok}, {"detail", ok ? "taken" : "refused"}, {"remedy", "check it"}}
                          .dump());
    Batch batch;
    for (const std::string& step : *memory)
      batch.records.push_back({connector::text(step), connector::text("1"), 0});
    batch.memory = memory;
    batch.wait = {0, CONNECTOR_WAIT_END};
    return batch;
  }

  void cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    wake_.notify_all();
  }

 private:
  Batch count() {
    auto memory = std::make_shared<std::vector<std::string>>();
    const int64_t end = std::min(total_, next_ + batch_);
    for (; next_ < end; ++next_) memory->push_back("{\"n\":" + std::to_string(next_) + "}");
    Batch batch;
    for (const std::string& record : *memory)
      batch.records.push_back({connector::text(record), connector::text(record), 0});
    if (!memory->empty()) batch.checkpoint = std::to_string(next_);
    batch.memory = memory;
    batch.progress = static_cast<int32_t>(total_ == 0 ? 10'000 : next_ * 10'000 / total_);
    return batch;
  }

  Result<Batch> hang() {
    host_.log(CONNECTOR_LOG_INFO, "hanging");
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return cancelled_; });
    return connector::Error{connector::Status::kCancelled, "cancelled"};
  }

  const connector::Host host_;
  int64_t total_ = 0;
  int64_t batch_ = 0;
  int64_t next_ = 0;
  std::string mood_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool cancelled_ = false;
};

}  // namespace

CONNECTOR_PLUGIN_WITH_CHECK(Counter)
