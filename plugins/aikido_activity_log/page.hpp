// What passes between the vendor's client (api) and the policy (collector): one page asked for, one
// page answered. Neither side knows the other's business.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "plugin_api/connector_plugin.hpp"

namespace aikido {

using connector::Error;
using connector::Result;
using connector::Status;

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kNsPerDay = kSecondsPerDay * kNsPerSecond;
constexpr int kRecordsPerPage = 50;  // the vendor's most (its OpenAPI document)

enum class SweepKind { kFresh, kLate, kBackfill };
inline constexpr std::array kSweepKinds = {SweepKind::kFresh, SweepKind::kLate,
                                           SweepKind::kBackfill};
constexpr std::string_view name_of(SweepKind kind) {
  return kind == SweepKind::kFresh ? "fresh" : kind == SweepKind::kLate ? "late" : "backfill";
}

// GET activityLog?start=..&end=..&page=..; times in Unix seconds, page from 0.
struct PageRequest {
  SweepKind kind = SweepKind::kFresh;
  int64_t start_s = 0;
  int64_t end_s = 0;
  int64_t page = 0;
  bool looks_ahead = false;  // it may lie beyond the end, and nothing depends on it
};

// One record of a page; views into Page::memory.
struct PageRecord {
  std::string_view data;  // the object as sent, on one line, without insignificant white space
  std::string_view
      id;  // the JSON token as sent (77 or "77"), or a hash of `data` where it has none
  bool has_id = false;
  int64_t event_time_ns = CONNECTOR_TIME_UNKNOWN;
};

struct Page {
  std::vector<PageRecord> records;
  std::shared_ptr<const void> memory;
  std::optional<bool> has_next;  // X-Has-Next-Page, where it was sent
  uint64_t fingerprint = 0;      // equal for pages of equal records; 0 for an empty page
};

}  // namespace aikido
