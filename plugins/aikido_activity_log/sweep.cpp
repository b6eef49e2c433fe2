#include "plugins/aikido_activity_log/sweep.hpp"

#include <string>

namespace aikido {
namespace {

constexpr int kMostEqualPages = 3;
constexpr int kMostEmptyPages = 1000;

Error stuck(const Sweep& sweep, const std::string& what) {
  return {Status::kProtocol,
          "the activity log " + what + " (page " + std::to_string(sweep.page) + ", start " +
              std::to_string(sweep.start_s()) + ", end " + std::to_string(sweep.end_s) +
              "): nothing was skipped; if it stays so, ask Aikido's support about paging of "
              "activityLog"};
}

// The page before, once more: a slip of the server, or as many insertions as a page has records. To
// ask again tells the two apart; what then remains equal may hide a record.
Result<bool> repeats(Sweep& sweep, const Page& page) {
  const bool equal =
      !page.records.empty() && sweep.page > 0 && page.fingerprint == sweep.fingerprint;
  if (!equal) {
    sweep.equal_pages = 0;
    sweep.asked_again = false;
    return false;
  }
  if (sweep.equal_pages == 0 && !sweep.asked_again) {
    sweep.asked_again = true;
    return true;
  }
  sweep.asked_again = false;
  sweep.moved = true;
  if (++sweep.equal_pages >= kMostEqualPages)
    return stuck(sweep, "answers the same records page after page");
  return false;
}

Turn turn(const Page& page, int64_t number, bool short_page_ends) {
  if (page.has_next) return *page.has_next ? Turn::kNextPage : Turn::kEnd;
  if (page.records.empty()) return Turn::kEnd;
  const bool is_short = page.records.size() < kRecordsPerPage;
  return is_short && short_page_ends && number == 0 ? Turn::kEndForNow : Turn::kNextPage;
}

// Not one of those before once more: such a server does not know the page, or its list is stuck.
bool is_far_page(const Sweep& sweep, const Page& page) {
  const bool same =
      page.fingerprint == sweep.fingerprint || page.fingerprint == sweep.first_fingerprint;
  return (page.records.empty() || !same) && page.has_next.value_or(!page.records.empty());
}

}  // namespace

Result<Turn> follow(Sweep& sweep, const Page& page, bool short_page_ends) {
  ++sweep.requests;
  if (sweep.look == Look::kBack) {
    sweep.moved = page.fingerprint != sweep.first_fingerprint;
    return Turn::kEnd;
  }
  if (sweep.look == Look::kAhead) {
    sweep.look = Look::kNot;
    return is_far_page(sweep, page) ? Turn::kTooWide : Turn::kAgain;
  }
  const Result<bool> again = repeats(sweep, page);
  if (!again) return again.error();
  if (*again) return Turn::kAgain;
  const bool empty = page.records.empty();
  const Turn next = turn(page, sweep.page, short_page_ends);
  sweep.empty_pages = empty ? sweep.empty_pages + 1 : 0;
  if (next == Turn::kNextPage && sweep.empty_pages >= kMostEmptyPages)
    return stuck(sweep, "answers empty pages and promises more without end");
  sweep.short_before = !empty && !page.has_next && page.records.size() < kRecordsPerPage;
  sweep.fingerprint = empty ? 0 : page.fingerprint;
  if (sweep.page == 0) sweep.first_fingerprint = sweep.fingerprint;
  ++sweep.page;
  return next;
}

}  // namespace aikido
