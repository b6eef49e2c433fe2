// A sweep: one time window read page by page, its end fixed when it opens. An insertion meanwhile
// can show a record twice, but hides none that was visible.
#pragma once

#include <algorithm>
#include <cstdint>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

constexpr int64_t kNoEnd = INT64_MAX;

constexpr int64_t floor_seconds(int64_t ns) {
  return ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0);
}
constexpr int64_t ceil_seconds(int64_t ns) {
  return ns / kNsPerSecond + (ns % kNsPerSecond > 0 ? 1 : 0);
}

// What a sweep asks for beside its next page.
enum class Look : int32_t {
  kNot,
  kBack,  // page 0 once more, whether it is still the same
  kAhead  // a far page: where there is one, the window is too wide
};

// A value: what the checkpoint holds of an open sweep, so that it goes on with its next page.
struct Sweep {
  int64_t from_s = 0;     // it owns the records of [from_s, to_s) ..
  int64_t to_s = kNoEnd;  // .. to kNoEnd where it reads to now
  int64_t end_s = 0;      // the `end` it asks for
  int64_t opened_ns = 0;  // what it can vouch for: all that was visible by then
  int64_t page = 0;       // the next one to ask for
  int64_t requests = 0;   // answered so far, in all passes
  int32_t pass = 1;
  bool moved = false;              // the list moved in a way that may have hidden a record
  bool asked_again = false;        // for the present page, since it came equal to the one before
  bool short_before = false;       // the page before was short, and no header spoke of more
  uint64_t fingerprint = 0;        // of the page before; 0 at the start and after an empty one
  int32_t equal_pages = 0;         // in a row equal to their predecessor
  int32_t empty_pages = 0;         // in a row
  int64_t barren_pages = 0;        // in a row, not empty, without a new record
  uint64_t seen_before = 0;        // how many ids were remembered when the pass began
  uint64_t seen_bytes_before = 0;  // and their encoded size when the sweep opened
  uint64_t first_fingerprint = 0;  // of page 0 in this pass
  Look look = Look::kNot;

  bool reads_to_now() const { return to_s == kNoEnd; }
  bool can_be_narrower() const { return !reads_to_now() && to_s - from_s > 1; }
  // The bounds may be inclusive or not, so it asks for a second more than it owns.
  int64_t start_s() const { return std::max<int64_t>(0, from_s - 1); }
  void begin_pass(int32_t number, uint64_t seen) {
    Sweep next;
    next.from_s = from_s;
    next.to_s = to_s;
    next.end_s = end_s;
    next.opened_ns = opened_ns;
    next.requests = requests;
    next.pass = number;
    next.seen_before = seen;
    next.seen_bytes_before = seen_bytes_before;
    *this = next;
  }
};

enum class Turn {
  kAgain,     // ask for the same page once more
  kNextPage,  // go on
  kTooWide,   // the window has a far page: nothing of that was taken into account
  kEnd,       // the list has ended
  kEndForNow  // it has probably ended; nothing may rest on that
};

// Takes the answer to what it asked for into account and says how the sweep goes on. Where the
// header is absent an empty page ends the list; with `short_page_ends`, a short first page ends it
// for now. PROTOCOL when the pages do not move or are empty without end; then this `sweep` is of no
// use, but the one that it was copied from is.
Result<Turn> follow(Sweep& sweep, const Page& page, bool short_page_ends);

}  // namespace aikido
