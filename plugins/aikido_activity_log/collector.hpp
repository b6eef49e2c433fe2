// The policy: which page to ask for next, which of its records are new, and the checkpoint that
// says so. Knows windows, repeats and time; knows neither HTTP nor JSON nor any clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

// The settings that the policy needs. Durations in nanoseconds.
struct CollectorSettings {
  std::string identity;  // canonical host root and filters; see Settings
  std::string client_id;
  std::string replaces_client_id;   // or empty
  std::string backfill_start_text;  // as set, to notice that it was changed later; or empty
  bool backfill_start_relative = false;
  int64_t backfill_start_ns = 0;  // absolute time, or the (positive) span before now
  int64_t poll_interval_ns = 0;
  int64_t late_arrival_window_ns = 0;
  int64_t late_check_interval_ns = 0;
  int64_t request_interval_ns = 0;  // 1 / requests_per_second
  bool run_once = false;            // begin a fresh and a late sweep in this run before being idle
};

// Nothing to ask before `until_ns` (server time).
struct Idle {
  int64_t until_ns = 0;
  bool held_back = false;  // not caught up: what is to be asked rests after errors
};

// What a page brought.
struct Accepted {
  std::vector<size_t> deliver;  // indices into Page::records, in the page's order
  int64_t repeats = 0;          // owned records that were delivered before
  int64_t late = 0;             // delivered ones whose time some sweep had already read past
  int64_t greatest_lateness_ns = 0;
  bool ends_sweep = false;  // it was the last page of its sweep, be it only for now
};

// Where it stands. Server times; unknown before `begin`.
struct Position {
  int64_t origin_s = 0;    // the backfill reads from here ..
  int64_t backfill_s = 0;  // .. has read to here ..
  int64_t split_s = 0;     // .. and reads to here, where live sweeps begin; origin: there is none
  // Live sweeps read all that was visible by then: when the last one opened that has ended, be it
  // only for now; the split, where none has.
  int64_t live_s = 0;
  std::optional<int64_t> late_s = {};  // when the last late sweep that ended had opened
  int64_t remembered_ids = 0;
  bool operator==(const Position&) const = default;
};

class Collector {
 public:
  // `checkpoint` is empty on a first run. CHECKPOINT when it is damaged, of a later version, or of
  // another host root, filter or client id; the text gives the remedies.
  static Result<std::unique_ptr<Collector>> make(const CollectorSettings& settings,
                                                 std::string_view checkpoint);
  ~Collector();

  // True until begin was called, where no checkpoint was given.
  bool first_run() const;
  // Fixes origin, split, frontier and C at the server's time. Once, on a first run, before next.
  void begin(int64_t server_now_ns);

  // What to ask now. Asking is not recorded: the same question comes again until accept is called,
  // the first one of a sweep with the present moment as its end. Idle ends a run_once, unless it is
  // held back.
  std::variant<PageRequest, Idle> next(int64_t server_now_ns);

  // The answer to the last `next`. PROTOCOL when the pages do not move or never end, CONFIG when
  // the seen ids would no longer fit a checkpoint; then nothing has changed. `answer_time_ns` is
  // a server's time that was surely not before the answer's; INT64_MAX where unknown.
  Result<Accepted> accept(const PageRequest& request, const Page& page, int64_t answer_time_ns);

  // The answer to the last `next` was an error that may concern this page alone. The turn is over:
  // its kind rests for `rest_ns`, live records wait behind it no longer. Returns what to tell the
  // host, with the wait until the next request: `error` as it is where every kind was answered
  // alike, else TRANSIENT, since there is something left to collect.
  Error failed(const PageRequest& request, Error error, int64_t server_now_ns, int64_t rest_ns);

  // What to resume from after all that was accepted. Written down in checkpoint.hpp.
  std::string checkpoint() const;

  // A time that the server has surely passed.
  int64_t vouched_ns() const;
  int32_t progress() const;  // of the backfill, 0..10000; unknown where there is none
  // The time before which everything is delivered that can still be expected: the backfill's
  // position while one is open, else one late_arrival_window before the opening of the last late
  // sweep that has reached its end.
  int64_t watermark_ns() const;
  Position position() const;
  std::string notice() const;  // for the health, or empty
  // One line to log once after make (a backfill_start_time that was changed without effect), or
  // empty.
  std::string remark() const;

 private:
  struct State;
  explicit Collector(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace aikido
