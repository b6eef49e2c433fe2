#include "host_sim/commands/state_overview.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/told_position.hpp"
#include "host_sim/wording.hpp"

namespace host::commands {
namespace {

constexpr size_t kMostOfAnError = 60;
constexpr const char* kUnknown = "-";

using OverviewRow = std::array<std::string, 6>;

// A range that ends is read from its past.
std::string read_to(const ToldPosition& told, bool is_backfill) {
  for (const TimeRange& range : told.ranges) {
    if (range.end_s.has_value() != is_backfill || !range.done_s) continue;
    return range.done_s == range.end_s ? "complete" : time_text(*range.done_s * kNsPerSecond);
  }
  return kUnknown;
}

std::string beginning(const LastError& error) {
  const std::string text = time_text(error.time_ns) + ": " + one_line(error.text);
  return text.size() <= kMostOfAnError ? text : std::string(cut(text, kMostOfAnError)) + "...";
}

OverviewRow row_of(const std::string& name, const ShownState& state) {
  const ToldPosition told = position_of(state.report.gauges);
  return {one_line(name),
          state.committed ? std::to_string(state.committed->records) : kUnknown,
          state.committed ? time_text(state.committed->updated_ns) : kUnknown,
          read_to(told, true),
          read_to(told, false),
          state.report.error ? beginning(*state.report.error) : kUnknown};
}

}  // namespace

std::string to_overview(const ShownStates& states) {
  std::vector<OverviewRow> rows = {
      {"PIPELINE", "RECORDS", "LAST COMMIT", "BACKFILLED TO", "LIVE TO", "LAST ERROR"}};
  for (const auto& [name, state] : states) rows.push_back(row_of(name, state));
  std::array<size_t, std::tuple_size_v<OverviewRow>> widths{};
  for (const OverviewRow& row : rows)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (OverviewRow& row : rows) {
    for (size_t i = 0; i + 1 < row.size(); ++i) row[i].resize(widths[i] + 2, ' ');
    for (const std::string& cell : row) text += cell;
    text += '\n';
  }
  return text;
}

}  // namespace host::commands
