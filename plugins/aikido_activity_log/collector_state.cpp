#include "plugins/aikido_activity_log/collector_state.hpp"

#include <algorithm>
#include <utility>

#include "plugins/aikido_activity_log/collector_texts.hpp"
#include "plugins/aikido_activity_log/progress.hpp"
#include "plugins/aikido_activity_log/sweep_end.hpp"
#include "plugins/aikido_activity_log/sweep_records.hpp"

namespace aikido {
namespace {

constexpr int64_t kMostSharesCounted = 100;
constexpr int64_t kShortGoesOnNs = kNsPerDay;

bool equal(const PageRequest& left, const PageRequest& right) {
  return left.kind == right.kind && left.start_s == right.start_s && left.end_s == right.end_s &&
         left.page == right.page;
}

// Of what a checkpoint may hold, by what it holds most of.
double share_of_room(const SeenIds& seen) {
  const auto share = [](size_t held, size_t most) {
    return static_cast<double>(held) / static_cast<double>(most);
  };
  return std::max({share(seen.encoded().size(), kMostCheckpoint),
                   share(seen.amount().entries, kMostSeen.entries),
                   share(seen.amount().text, kMostSeen.text)});
}

}  // namespace

void Collector::State::begin(int64_t now_ns) {
  const int64_t now_s = floor_seconds(now_ns);
  // An event of this very second may carry the second alone as its time.
  data.origin_ns = now_s * kNsPerSecond;
  if (!settings.backfill_start_text.empty())
    data.origin_ns = settings.backfill_start_relative
                         ? floor_seconds(now_ns - settings.backfill_start_ns) * kNsPerSecond
                         : settings.backfill_start_ns;
  data.origin_ns = std::clamp<int64_t>(data.origin_ns, 0, kMostNs);  // nothing is older than 1970
  data.backfill_s = floor_seconds(data.origin_ns);
  data.split_s = std::max(data.backfill_s, now_s - window_s());
  data.frontier_ns = data.late_opened_ns = now_ns;
  data.settled_s = data.split_s;
  data.passed_from_s = data.passed_to_s = now_s;
  data.remembered_from_s = data.split_s - kPadS;
  begun = true;
}

// A window that was made smaller takes effect here, so that it mends a checkpoint that is full.
void Collector::State::take_over(CheckpointData before) {
  data = std::move(before);
  data.client_id = settings.client_id;
  begun = true;
  if (schedule(0).late_is_outgrown()) data.sweep(SweepKind::kLate).reset();
  if (settle(data, window_s())) forget(data, schedule(0).remember_from_s());
}

std::variant<PageRequest, Idle> Collector::State::next(int64_t now_ns) {
  // A server's clock that was set back must not postpone a sweep for as long.
  data.fresh_started_ns = std::min(data.fresh_started_ns, now_ns);
  data.late_started_ns = std::min(data.late_started_ns, now_ns);
  for (Trouble& trouble : run.troubles) trouble.failed_ns = std::min(trouble.failed_ns, now_ns);
  question.reset();
  const Schedule now = schedule(now_ns);
  const std::optional<SweepKind> kind = now.turn();
  if (!kind) return Idle{now.idle_until_ns(), now.held_back()};
  const std::optional<Sweep>& open = data.sweep(*kind);
  const Sweep sweep = open ? *open : now.plan(*kind);
  const PageRequest request = page_of(sweep, *kind);
  question = {request, sweep, !open, now_ns};
  return request;
}

PageRequest Collector::State::page_of(const Sweep& sweep, SweepKind kind) const {
  PageRequest request{kind, sweep.start_s(), sweep.end_s, sweep.page};
  if (sweep.look == Look::kBack) request.page = 0;
  if (sweep.look == Look::kAhead) {
    request.page = far_page(sweep.page, grown(data.seen(kind), sweep));
    request.looks_ahead = true;
  }
  return request;
}

Result<Accepted> Collector::State::accept(const PageRequest& request, const Page& page,
                                          int64_t answer_ns) {
  if (!question || !equal(question->request, request))
    return Error{Status::kInternal, "an answer to a page that was not asked for"};
  const SweepKind kind = request.kind;
  const int64_t now_ns = question->asked_ns;
  Sweep sweep = question->sweep;
  // A clock ahead of the server's vouches for nothing that the server had not seen yet.
  if (question->opens) sweep.opened_ns = sane(std::min(sweep.opened_ns, answer_ns));
  const bool short_page_ends = kind == SweepKind::kFresh && now_ns >= data.short_goes_on_ns;
  const Result<Turn> turn = follow(sweep, page, short_page_ends);
  if (!turn) return turn.error();
  if (is_barren(data, kind, sweep, page)) return barren_pages(sweep.barren_pages);
  const bool full = !has_room(data, kind, sweep, page);
  if (full && !sweep.can_be_narrower())
    return share_of_room(data.past) > share_of_room(data.live) ? full_of_past() : full_checkpoint();

  // From here on nothing fails.
  if (question->opens) started(kind, sweep, now_ns);
  count_request(kind);
  run.trouble(kind) = {};
  notice_short_page(page, sweep, now_ns);
  question.reset();
  if (full || *turn == Turn::kTooWide) {  // a smaller one's records can be forgotten sooner
    narrow(data, kind, sweep);
    return Accepted();
  }
  if (request.looks_ahead) {
    data.sweep(kind) = sweep;
    return Accepted();
  }
  const int64_t answered_ns = answer_ns == INT64_MAX ? now_ns : answer_ns;
  Accepted accepted = deliver(data, kind, sweep, page, answered_ns);
  if (kind == SweepKind::kBackfill)
    run.window_read_s = std::max(run.window_read_s, read_of_window(sweep, page));
  if (!page.records.empty())
    sweep.barren_pages = accepted.deliver.empty() ? sweep.barren_pages + 1 : 0;
  if (*turn == Turn::kNextPage || *turn == Turn::kAgain) {
    go_on(kind, sweep, *turn);
  } else {
    finish(kind, sweep, *turn == Turn::kEndForNow, now_ns);
    accepted.ends_sweep = !data.sweep(kind).has_value();
  }
  return accepted;
}

Error Collector::State::failed(const PageRequest& request, Error error, int64_t now_ns,
                               int64_t rest_ns) {
  Trouble& trouble = run.trouble(request.kind);
  if (trouble.times++ == 0) trouble.since_ns = now_ns;
  trouble.failed_ns = now_ns;
  trouble.rest_ns = rest_ns;
  trouble.status = error.status;
  trouble.text = error.text;
  count_request(request.kind);
  question.reset();
  const Schedule now = schedule(now_ns);
  if (!now.all_in_trouble(error.status)) error.status = Status::kTransient;
  const int64_t wait_ns = now.turn() ? 1 : now.idle_until_ns() - now_ns;
  error.wait = {std::max(error.wait.ns, wait_ns), CONNECTOR_WAIT_BACKOFF};
  return error;
}

void Collector::State::count_request(SweepKind kind) {
  const auto count = [&](int64_t& since, SweepKind of) {
    since = kind == of ? 0 : std::min(since + 1, kMostSharesCounted);
  };
  count(data.since_late, SweepKind::kLate);
  count(data.since_backfill, SweepKind::kBackfill);
}

void Collector::State::started(SweepKind kind, const Sweep& sweep, int64_t now_ns) {
  if (kind == SweepKind::kBackfill) run.window_read_s = 0;
  if (kind == SweepKind::kFresh) data.fresh_started_ns = now_ns;
  if (kind == SweepKind::kLate) data.late_started_ns = now_ns;
  if (kind == SweepKind::kLate && sweep.reads_to_now()) run.late_begun = true;
}

// Records behind a short page: this list is filtered after paging, so a short page is no end.
void Collector::State::notice_short_page(const Page& page, const Sweep& now, int64_t now_ns) {
  const Sweep& before = question->sweep;
  const bool behind = before.short_before && !page.has_next && !page.records.empty() &&
                      before.fingerprint != page.fingerprint && now.page != before.page;
  if (behind) data.short_goes_on_ns = std::min(now_ns + kShortGoesOnNs, kMostNs);
}

// A short page is probably the last one with records, where no header says so.
void Collector::State::go_on(SweepKind kind, Sweep sweep, Turn turn) {
  const bool has_more = turn == Turn::kNextPage && !sweep.short_before;
  const bool bounded = sweep.can_be_narrower();
  if (bounded && has_more && sweep.pass == 1 && sweep.page == kHardlyAny) sweep.look = Look::kAhead;
  data.sweep(kind) = sweep;
  if (bounded && too_many_bytes(grown(data.seen(kind), sweep))) narrow(data, kind, sweep);
}

// The oldest records of all may pass the server's retention while they are read. In a list that
// begins with them, what is behind moves up then, from a page to come to one that was read.
bool Collector::State::may_hold_edge(const Sweep& sweep) const {
  return !data.backfill_found && sweep.first_fingerprint != 0 && sweep.page > 1 &&
         sweep.pass == 1 && !sweep.moved && sweep.look == Look::kNot;
}

void Collector::State::finish(SweepKind kind, Sweep sweep, bool for_now, int64_t now_ns) {
  if (kind == SweepKind::kBackfill && may_hold_edge(sweep)) {
    sweep.look = Look::kBack;
    data.sweep(kind) = sweep;
    return;
  }
  if (sweep.moved && sweep.pass == 1 && kind != SweepKind::kFresh) {
    sweep.begin_pass(2, data.seen(kind).size());
    data.sweep(kind) = sweep;
    return;
  }
  data.sweep(kind).reset();
  if (kind == SweepKind::kFresh) return end_fresh(data, sweep, for_now);
  if (kind == SweepKind::kLate) {
    end_late(data, sweep, window_s(), now_ns);
    if (sweep.reads_to_now() && run.late_begun) run.late_done = true;
  } else {
    end_backfill_window(data, sweep, now_ns);
  }
  forget(data, schedule(now_ns).remember_from_s());
}

}  // namespace aikido
