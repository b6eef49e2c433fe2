#include "host_sim/progress_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

#include "host_sim/told_position.hpp"
#include "host_sim/wording.hpp"

namespace host {
namespace {

constexpr int32_t kAllProgress = 10'000;
constexpr size_t kLeastBar = 8;
constexpr size_t kMostBar = 40;
constexpr size_t kDates = 22;  // at both ends of the bar, with their gaps
constexpr int kBarsWorth = 5;  // the percentage says the same
constexpr size_t kShortName = 12;
constexpr std::string_view kGap = "  ";

struct Figures {
  std::string title = {};
  std::string short_title = {};                     // where it is narrow
  double progress = -1;                             // 0 to 1 while a backfill is open
  std::optional<int64_t> start_s = {}, end_s = {};  // of the backfill
  int64_t records = 0;
  std::optional<double> records_per_second = {};
  std::optional<int64_t> left_ns = {};
  std::optional<int64_t> behind_ns = {};  // of what is live
};

// What one line is made of, in its order.
struct Piece {
  std::string text;
  int worth = 0;  // each another one
};

template <class... Values>
std::string in_digits(const char* format, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string day(int64_t seconds) { return time_text(seconds * kNsPerSecond).substr(0, 10); }

// Of little more than two digits, for it is no more than a guess.
std::string about(int64_t ns) {
  constexpr int64_t kMinute = 60 * kNsPerSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
  if (ns < kMinute) return "under a minute left";
  const int64_t step = ns < kHour        ? kMinute
                       : ns < 10 * kHour ? 10 * kMinute
                       : ns < 2 * kDay   ? kHour
                                         : 6 * kHour;
  return "about " + duration_text((ns + step / 2) / step * step) + " left";
}

std::string bar(double progress, size_t width) {
  const size_t inside = width - 2;
  const auto done = static_cast<size_t>(progress * static_cast<double>(inside));
  return "[" + std::string(done, '#') + std::string(inside - done, '-') + "]";
}

size_t width_of(const std::vector<Piece>& pieces) {
  size_t width = 0;
  for (const Piece& piece : pieces) width += piece.text.size() + (width > 0 ? kGap.size() : 0);
  return width;
}

std::string joined(const std::vector<Piece>& pieces) {
  std::string line;
  for (const Piece& piece : pieces) line.append(line.empty() ? "" : kGap).append(piece.text);
  return line;
}

// Leaves out what has no room beside all that is worth more.
void fit(std::vector<Piece>& pieces, size_t columns) {
  std::vector<int> worths;
  for (const Piece& piece : pieces) worths.push_back(piece.worth);
  std::sort(worths.rbegin(), worths.rend());
  size_t width = 0;
  for (const int worth : worths) {
    const auto piece = std::find_if(pieces.begin(), pieces.end(),
                                    [worth](const Piece& one) { return one.worth == worth; });
    const size_t wider = width + piece->text.size() + (width > 0 ? kGap.size() : 0);
    if (width == 0 || wider <= columns)
      width = wider;
    else
      pieces.erase(piece);
  }
}

bool has_dates(const Figures& figures) { return figures.start_s && figures.end_s; }

// Of at least so many columns as its bar and its dates need.
std::string span(const Figures& figures, size_t columns) {
  if (!has_dates(figures)) return bar(figures.progress, std::min(columns, kMostBar));
  return day(*figures.start_s) + " " + bar(figures.progress, std::min(columns - kDates, kMostBar)) +
         " " + day(*figures.end_s);
}

std::vector<Piece> pieces_of(const Figures& figures) {
  std::vector<Piece> pieces = {{figures.title, 9}};
  const bool backfills = figures.progress >= 0;
  if (backfills) {
    const size_t least = kLeastBar + (has_dates(figures) ? kDates : 0);
    pieces.push_back({span(figures, least), kBarsWorth});
    pieces.push_back({in_digits("%.1f %%", 100 * figures.progress), 8});
  }
  pieces.push_back({counted(figures.records, "record"), 7});
  if (figures.records_per_second)
    pieces.push_back({in_digits("%.1f/s", *figures.records_per_second), 2});
  if (backfills && figures.left_ns) pieces.push_back({about(*figures.left_ns), 6});
  if (figures.behind_ns)
    pieces.push_back({"live " + duration_text(*figures.behind_ns) + " behind", 4});
  return pieces;
}

// What is counted is worth more than the dates, and than the whole of a name.
std::string line_of(Figures figures, size_t columns) {
  std::vector<Piece> pieces = pieces_of(figures);
  if (has_dates(figures) && width_of(pieces) > columns) {
    figures.start_s.reset();
    return line_of(std::move(figures), columns);
  }
  const bool has_long_title =
      figures.title.size() > columns / 3 && figures.title != figures.short_title;
  if (has_long_title && width_of(pieces) > columns) {
    figures.title = figures.short_title;
    return line_of(std::move(figures), columns);
  }
  fit(pieces, columns);
  if (figures.progress < 0) return joined(pieces).substr(0, columns);
  const auto bar = std::find_if(pieces.begin(), pieces.end(),
                                [](const Piece& piece) { return piece.worth == kBarsWorth; });
  if (bar != pieces.end()) {
    const size_t width = width_of(pieces);
    bar->text = span(figures, bar->text.size() + columns - std::min(width, columns));
  }
  return joined(pieces).substr(0, columns);
}

std::string title_of(const PipelineStatus& status, const std::string& name) {
  const bool runs = status.health == PipelineHealth::kRunning;
  return runs ? name : name + ": " + std::string(to_text(status.health));
}

std::string shortened(const std::string& name) {
  return name.size() <= kShortName ? name : name.substr(0, kShortName - 2) + "..";
}

bool is_backfilling(const PipelineStatus& status) {
  return status.progress >= 0 && status.progress < kAllProgress;
}

// Who is stopped, or fails, has an end that nobody can tell: that of the others is worth knowing.
bool is_on_its_way(const PipelineStatus& status) {
  return is_backfilling(status) && status.health != PipelineHealth::kErroring &&
         status.health != PipelineHealth::kStopped;
}

// A range that ends is read from its past.
std::optional<TimeRange> backfill_of(const ToldPosition& position) {
  for (const TimeRange& range : position.ranges)
    if (range.start_s && range.end_s) return range;
  return std::nullopt;
}

Figures figures_of(const status::PipelineSnapshot& pipeline, const ProgressRate& rate) {
  const PipelineStatus& status = pipeline.status;
  const ToldPosition position = position_of(pipeline.metrics);
  Figures figures{.title = title_of(status, status.name),
                  .short_title = title_of(status, shortened(status.name)),
                  .records = status.records,
                  .records_per_second = rate.records_per_second(),
                  .behind_ns = live_behind_ns(position, status.now_ns)};
  if (!is_backfilling(status)) return figures;
  figures.progress = static_cast<double>(status.progress) / kAllProgress;
  figures.left_ns = rate.left_ns();
  if (const std::optional<TimeRange> range = backfill_of(position)) {
    figures.start_s = range->start_s;
    figures.end_s = range->end_s;
  }
  return figures;
}

using HealthCounts = std::map<PipelineHealth, int>;

HealthCounts count_health(const std::vector<status::PipelineSnapshot>& pipelines) {
  HealthCounts counts;
  for (const auto& pipeline : pipelines) ++counts[pipeline.status.health];
  return counts;
}

std::string title_of(size_t pipelines, const HealthCounts& counts) {
  std::string title = std::to_string(pipelines) + " pipelines";
  for (const auto& [health, count] : counts)
    title.append(title.ends_with("pipelines") ? ": " : ", ")
        .append(std::to_string(count) + " ")
        .append(to_text(health));
  return title;
}

// Only how many are not well.
std::string short_title_of(size_t pipelines, HealthCounts counts) {
  counts.erase(PipelineHealth::kRunning);
  return title_of(pipelines, counts);
}

// The earliest or latest of those that are known.
template <class Better>
void take(std::optional<int64_t>& best, const std::optional<int64_t>& other, Better better) {
  if (other && (!best || better(*other, *best))) best = other;
}

void add(Figures& total, const Figures& one) {
  total.records += one.records;
  if (one.records_per_second)
    total.records_per_second = total.records_per_second.value_or(0) + *one.records_per_second;
  take(total.behind_ns, one.behind_ns, std::greater<>());
  take(total.left_ns, one.left_ns, std::greater<>());
  take(total.start_s, one.start_s, std::less<>());
  take(total.end_s, one.end_s, std::greater<>());
}

}  // namespace

std::string progress_text(const status::PipelineSnapshot& pipeline, const ProgressRate& rate,
                          size_t columns) {
  return line_of(figures_of(pipeline, rate), columns);
}

std::string total_text(const std::vector<status::PipelineSnapshot>& pipelines,
                       const std::vector<const ProgressRate*>& rates, size_t columns) {
  const HealthCounts counts = count_health(pipelines);
  Figures total{.title = title_of(pipelines.size(), counts),
                .short_title = short_title_of(pipelines.size(), counts)};
  double progress = 0;
  int with_progress = 0;
  bool open = false, all_tell = true;
  for (size_t i = 0; i < pipelines.size(); ++i) {
    const Figures one = figures_of(pipelines[i], *rates[i]);
    add(total, one);
    const PipelineStatus& status = pipelines[i].status;
    all_tell = all_tell && (one.left_ns || !is_on_its_way(status));
    if (status.progress < 0) continue;
    ++with_progress;
    progress += static_cast<double>(std::min(status.progress, kAllProgress)) / kAllProgress;
    open = open || is_backfilling(status);
  }
  if (open) total.progress = progress / with_progress;
  if (!all_tell) total.left_ns.reset();
  return line_of(total, columns);
}

}  // namespace host
