#include "host_sim/plugin_batch.hpp"

#include <algorithm>
#include <cstdint>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

bool is_readable(connector_text text) { return text.size == 0 || text.data; }

// Every byte, without an early end, so that the compiler can take many at a time.
bool is_printable_ascii(std::string_view text) {
  uint8_t others = 0;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    others |= static_cast<uint8_t>(byte < 0x20) | static_cast<uint8_t>(byte > 0x7F);
  }
  return others == 0;
}

// A tab between tokens is valid JSON on one line.
bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x20 && c != '\t'; });
}

std::string text_fault(const char* what, connector_text text, size_t most) {
  if (!is_readable(text)) return std::string(what) + " has a size and no data";
  if (text.size > most)
    return std::string(what) + " has " + std::to_string(text.size) + " bytes, " +
           std::to_string(most) + " are allowed";
  return {};
}

std::string line_fault(const char* what, connector_text text, size_t most) {
  if (std::string fault = text_fault(what, text, most); !fault.empty()) return fault;
  const std::string_view line = connector::view(text);
  if (is_printable_ascii(line)) return {};  // as nearly all are
  if (has_control_character(line))
    return std::string(what) + " is not one line: it holds a control character";
  return is_utf8(line) ? "" : std::string(what) + " is not UTF-8";
}

std::string record_fault(const connector_record& record) {
  if (std::string fault = line_fault("its data", record.data, kMostRecordBytes); !fault.empty())
    return fault;
  const std::string_view data = connector::view(record.data);
  if (data.size() < 2 || data.front() != '{' || data.back() != '}')
    return "its data is no JSON object from { to }";
  if (record.id.size == 0) return "its id is empty";
  return line_fault("its id", record.id, kMostRecordBytes);
}

std::string array_fault(const connector_batch& batch) {
  const auto address = reinterpret_cast<uintptr_t>(batch.records);
  if (batch.record_count == 0) return {};
  if (batch.record_count > kMostRecords)
    return "it has " + std::to_string(batch.record_count) + " records, " +
           std::to_string(kMostRecords) + " are allowed";
  if (!batch.records) return "it has records at no address";
  constexpr size_t kWidest = 4096;  // a record of some later version
  if (batch.record_stride < sizeof(connector_record) || batch.record_stride > kWidest ||
      batch.record_stride % alignof(connector_record) != 0 ||
      address % alignof(connector_record) != 0)
    return "its record_stride is " + std::to_string(batch.record_stride) +
           ", it should be sizeof(connector_record)";
  return {};
}

std::string records_fault(const connector_batch& batch) {
  if (std::string fault = array_fault(batch); !fault.empty()) return fault;
  size_t bytes = 0;
  for (size_t i = 0; i < batch.record_count; ++i) {
    const connector_record record = record_at(batch, i);
    if (const std::string fault = record_fault(record); !fault.empty())
      return "record " + std::to_string(i) + ": " + fault;
    bytes += record.data.size;
    if (bytes > kMostBatchBytes)
      return "its records have over " + std::to_string(kMostBatchBytes) + " bytes";
  }
  return {};
}

std::string wait_fault(const connector_batch& batch) {
  const std::string is = "its wait_ns is " + std::to_string(batch.wait_ns);
  if (!is_wait_reason(batch.wait_reason))
    return "its wait_reason is " + std::to_string(batch.wait_reason) + ", which has no meaning";
  if (batch.wait_ns < 0 || batch.wait_ns > kLongestWaitNs) return is + ", outside 0 to a year";
  const bool no_wait =
      batch.wait_reason == CONNECTOR_WAIT_NONE || batch.wait_reason == CONNECTOR_WAIT_END;
  if (no_wait && batch.wait_ns != 0) return is + ", and its wait_reason names no wait";
  return {};
}

std::string progress_fault(const connector_batch& batch) {
  constexpr int32_t kWhole = 10'000;
  if (batch.progress >= CONNECTOR_PROGRESS_UNKNOWN && batch.progress <= kWhole) return {};
  return "its progress is " + std::to_string(batch.progress) + ", outside 0 to 10000";
}

std::string watermark_fault(const connector_batch& batch) {
  if (batch.watermark_ns == CONNECTOR_TIME_UNKNOWN || batch.watermark_ns >= kEarliestWatermarkNs)
    return {};
  return "its watermark_ns is " + std::to_string(batch.watermark_ns) + ", before 1900";
}

}  // namespace

bool is_wait_reason(int32_t reason) {
  return reason >= CONNECTOR_WAIT_NONE && reason <= CONNECTOR_WAIT_END;
}

std::string fault_of(const connector_batch& batch) {
  if (std::string fault = records_fault(batch); !fault.empty()) return fault;
  if (std::string fault = text_fault("its checkpoint", batch.checkpoint, kMostCheckpointBytes);
      !fault.empty())
    return fault;
  if (std::string fault = wait_fault(batch); !fault.empty()) return fault;
  if (std::string fault = progress_fault(batch); !fault.empty()) return fault;
  if (std::string fault = watermark_fault(batch); !fault.empty()) return fault;
  return line_fault("its notice", batch.notice, kMostNoticeBytes);
}

}  // namespace host
