// The batch that a hostile plugin hands over: what the host takes is safe to write and to commit,
// what has no flaw is taken, and either is released exactly once. A pointer that leads nowhere is
// beyond what a host can check: sizes lie here only where they exceed a cap or have no pointer.
#include <fuzzer/FuzzedDataProvider.h>

#include <deque>

#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_batch.hpp"
#include "tests/fuzz/law.hpp"
#include "tests/host_sim/plugin_doubles.hpp"

namespace {

using fuzz::law;

class HostileBatch {
 public:
  explicit HostileBatch(FuzzedDataProvider& in) : in_(in) {}

  void fill(connector_batch& batch) {
    fill_records(batch);
    batch.checkpoint = text("checkpoint", host::kMostCheckpointBytes);
    batch.notice = text("late sweeps use most of the pace", host::kMostNoticeBytes);
    batch.wait_reason = number<int32_t>(CONNECTOR_WAIT_IDLE);
    batch.wait_ns = number<int64_t>(1'000'000'000);
    batch.progress = number<int32_t>(5'000);
    batch.watermark_ns = number<int64_t>(1'700'000'000'000'000'000);
    if (in_.ConsumeIntegralInRange(0, 15) == 0) batch.release = nullptr;
  }

  bool flawless() const { return flawless_; }

 private:
  bool spoils() {
    const bool spoilt = in_.ConsumeIntegralInRange(0, 7) == 0;
    flawless_ = flawless_ && !spoilt;
    return spoilt;
  }

  template <class Number>
  Number number(Number right) {
    return spoils() ? in_.ConsumeIntegral<Number>() : right;
  }

  // In memory of its very size, so that a step too far is seen.
  connector_text owned(std::string_view bytes) {
    const std::vector<char>& kept = texts_.emplace_back(bytes.begin(), bytes.end());
    return {kept.data(), kept.size()};
  }

  connector_text text(std::string_view right, size_t most) {
    if (!spoils()) return owned(right);
    switch (in_.ConsumeIntegralInRange(0, 3)) {
      case 0:
        return {nullptr, in_.ConsumeIntegral<size_t>()};
      case 1:
        return {right.data(), in_.ConsumeIntegralInRange<size_t>(most + 1, SIZE_MAX)};
      default:
        return owned(in_.ConsumeRandomLengthString(200));
    }
  }

  connector_record record() {
    return {text("{\"id\":77,\"name\":\"\xC3\xA4\"}", host::kMostRecordBytes),
            text("77", host::kMostRecordBytes), in_.ConsumeIntegral<int64_t>()};
  }

  void fill_records(connector_batch& batch) {
    const auto count = in_.ConsumeIntegralInRange<size_t>(0, 4);
    const size_t stride = sizeof(connector_record) + 8 * in_.ConsumeIntegralInRange<size_t>(0, 3);
    memory_.resize(count * stride);
    for (size_t i = 0; i < count; ++i) {
      const connector_record one = record();
      std::memcpy(memory_.data() + i * stride, &one, sizeof one);
    }
    batch.records = reinterpret_cast<const connector_record*>(memory_.data());
    batch.record_count = count;
    batch.record_stride = stride;
    if (count > 0 && spoils()) spoil_array(batch);
  }

  // Never so that a host would have to know where the memory ends.
  void spoil_array(connector_batch& batch) {
    switch (in_.ConsumeIntegralInRange(0, 3)) {
      case 0:
        batch.records = nullptr;
        break;
      case 1:
        batch.record_count = in_.ConsumeIntegralInRange<size_t>(host::kMostRecords + 1, SIZE_MAX);
        break;
      case 2:
        batch.record_stride = in_.ConsumeIntegralInRange<size_t>(0, sizeof(connector_record) - 1);
        break;
      default:
        batch.record_stride = in_.ConsumeIntegralInRange<size_t>(4097, SIZE_MAX);
    }
  }

  FuzzedDataProvider& in_;
  std::deque<std::vector<char>> texts_;
  std::vector<char> memory_;
  bool flawless_ = true;
};

bool is_line(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') return false;
  return host::is_utf8(text);
}

void check_record(const connector_record& record) {
  const std::string_view data = connector::view(record.data);
  law(data.size() >= 2 && data.front() == '{' && data.back() == '}', "a record is an object");
  law(is_line(data), "on one line of UTF-8");
  const std::string_view id = connector::view(record.id);
  law(!id.empty() && is_line(id), "with an id");
  law(data.size() <= host::kMostRecordBytes && id.size() <= host::kMostRecordBytes, "of some size");
}

void check_batch(const host::PluginBatch& batch) {
  law(batch.size() <= host::kMostRecords, "a batch is of bounded size");
  for (size_t i = 0; i < batch.size(); ++i) check_record(batch.record(i));
  law(batch.checkpoint().size() <= host::kMostCheckpointBytes, "a checkpoint is within its cap");
  law(batch.notice().size() <= host::kMostNoticeBytes && is_line(batch.notice()), "and a notice");
  law(host::is_wait_reason(batch.wait().reason), "a wait has a reason");
  law(batch.wait().ns >= 0 && batch.wait().ns <= host::kLongestWaitNs, "and ends within a year");
  law(batch.progress() >= -1 && batch.progress() <= 10'000, "progress is within its range");
  law(batch.watermark_ns() == CONNECTOR_TIME_UNKNOWN ||
          batch.watermark_ns() >= host::kEarliestWatermarkNs,
      "a watermark is a time that can be reckoned with");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider in(data, size);
  HostileBatch hostile(in);
  host::PluginDouble plugin;
  int to_release = 1;
  plugin.fill_batch = [&](connector_batch& batch) {
    hostile.fill(batch);
    if (!batch.release) to_release = 0;
  };
  const connector_host services = plugin.services();
  const auto instance = host::PluginInstance::make(plugin.plugin(true), services);
  {
    const auto batch = (*instance)->next_batch({});
    if (batch) check_batch(*batch);
    if (hostile.flawless()) law(static_cast<bool>(batch), "what has no flaw is taken");
    if (!batch) {
      law(batch.error().status == connector::Status::kInternal, "a refusal is INTERNAL");
      law(!fuzz::has_control(batch.error().text), "a refusal is one line");
      law(plugin.released == to_release, "what is refused is released at once");
    }
  }
  law(plugin.released == to_release, "a batch is released once");
  return 0;
}
