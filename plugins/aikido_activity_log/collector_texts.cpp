#include "plugins/aikido_activity_log/collector_texts.hpp"

#include <algorithm>

#include "plugins/aikido_activity_log/answer_errors.hpp"
#include "plugins/aikido_activity_log/client_id.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"

namespace aikido {
namespace {

static_assert(kMostCheckpoint == 4 << 20 && kMostSeen.entries == 500'000 &&
              kMostSeen.text == 8 << 20);
constexpr const char* kMostHeld = "4 MiB, 500,000 ids and 8 MiB of their text";
constexpr double kMostShare = 1e6;  // of the pace; a made-up checkpoint may claim any

std::string duration(int64_t ns) {
  const int64_t seconds = ns / kNsPerSecond;
  const std::string rest = std::to_string(seconds < 120 ? seconds : seconds % 60) + " s";
  if (seconds < 120) return rest;
  return std::to_string(seconds / 60) + " min" + (seconds % 60 == 0 ? "" : " " + rest);
}

std::string failing(SweepKind kind, const Trouble& trouble) {
  if (trouble.times == 0) return {};
  const std::string what = kind == SweepKind::kFresh  ? "looking for new records"
                           : kind == SweepKind::kLate ? "looking for late records"
                                                      : "the backfill";
  return what + " fails (failures in a row: " + std::to_string(trouble.times) +
         "), nothing is lost: " + without_setting(trouble.text) + "; next try at " +
         time_text(std::min(trouble.failed_ns + trouble.rest_ns, kMostNs));
}

bool filling_up(const CheckpointData& data) {
  const SeenAmount seen = data.seen_amount();
  return data.seen_size() > kMostCheckpoint / 4 * 3 ||
         !seen.within({kMostSeen.entries / 4 * 3, kMostSeen.text / 4 * 3});
}

// Where they take over half the pace, or would and are stretched: a record that surfaces while one
// is read waits for the next.
std::string slow_late_sweeps(const CollectorSettings& settings, const CheckpointData& data,
                             int64_t late_interval_ns) {
  const double busy_ns =
      static_cast<double>(data.late_requests) * static_cast<double>(settings.request_interval_ns);
  const int64_t interval_ns = std::max<int64_t>(1, std::max(late_interval_ns, data.late_took_ns));
  const double share = std::min(busy_ns / static_cast<double>(interval_ns), kMostShare);
  const bool stretched = late_interval_ns > settings.late_check_interval_ns;
  if (!stretched && share <= 0.5) return {};
  const std::string every = duration(interval_ns);
  const std::string wanted = duration(settings.late_check_interval_ns);
  return "looking for late records takes " + std::to_string(static_cast<int>(100 * share)) +
         " % of the request pace (" + std::to_string(data.late_requests) +
         (data.late_requests == 1 ? " request" : " requests") + " a time)" +
         (every == wanted ? "" : ", so it happens every " + every + " instead of every " + wanted) +
         ": nothing is lost, but late records come later; ask Aikido for a higher quota and raise "
         "requests_per_second, or set narrower filters or a smaller late_arrival_window";
}

}  // namespace

Error other_identity(std::string_view was, std::string_view is) {
  return {Status::kCheckpoint,
          "the checkpoint belongs to another host or other filters (then: " + std::string(was) +
              ", now: " + std::string(is) +
              "); set the former ones again, which keeps the position (`replaces_client_id` does "
              "where only the credentials of the same workspace changed), or begin anew with a "
              "`state reset` of this pipeline"};
}

Error other_client(std::string_view was, std::string_view is) {
  return {Status::kCheckpoint,
          "the checkpoint was made with client_id " + shown_client_id(was) + ", not " +
              shown_client_id(is) +
              "; set `replaces_client_id` to the former one if the new credentials belong to the "
              "same workspace, which keeps the position, or begin anew with a `state reset` of "
              "this pipeline"};
}

Error full_checkpoint() {
  return {Status::kConfig,
          "/late_arrival_window: the ids of the records in this window no longer fit into a "
          "checkpoint, which holds at most " +
              std::string(kMostHeld) +
              ": set a smaller late_arrival_window or narrower filters (nothing is lost "
              "meanwhile)"};
}

Error full_of_past() {
  return {Status::kConfig,
          "/backfill_start_time: the ids of the records that one second of the backfill shows, and "
          "those near it, do not fit into a checkpoint, which holds at most " +
              std::string(kMostHeld) +
              ": set narrower filters, or begin after that time with `state reset NAME` (nothing "
              "is lost meanwhile)"};
}

Error barren_pages(int64_t pages) {
  return {Status::kProtocol,
          "the activity log answered " + std::to_string(pages) +
              " pages in a row with nothing but records that were delivered before or were not "
              "asked for: nothing was skipped; if it stays so, ask Aikido's support about start, "
              "end and page of activityLog"};
}

std::string health_notice(const CollectorSettings& settings, const CheckpointData& data,
                          const Run& run, int64_t late_interval_ns) {
  std::string notice;
  const auto add = [&](const std::string& text) {
    notice += (notice.empty() || text.empty() ? "" : "; ") + text;
  };
  // A late sweep since then has read what the fresh one could not.
  const bool made_up_for = data.frontier_ns > run.trouble(SweepKind::kFresh).failed_ns;
  for (const SweepKind kind : kSweepKinds)
    if (kind != SweepKind::kFresh || !made_up_for) add(failing(kind, run.trouble(kind)));
  add(slow_late_sweeps(settings, data, late_interval_ns));
  if (filling_up(data))
    add("the ids of delivered records take up over three quarters of what a checkpoint holds at "
        "most (" +
        std::string(kMostHeld) +
        "): set a smaller late_arrival_window or narrower filters before it is full");
  return notice;
}

std::string changed_backfill_start(const CheckpointData& data, std::string_view now) {
  if (data.backfill_start_text == now) return {};
  const auto shown = [](std::string_view text) {
    return text.empty() ? std::string("none") : std::string(text);
  };
  return "backfill_start_time was " + shown(data.backfill_start_text) +
         " when this pipeline began and is now " + shown(now) +
         ": that has no effect, since the position is kept; a `state reset` of this pipeline "
         "begins anew";
}

}  // namespace aikido
