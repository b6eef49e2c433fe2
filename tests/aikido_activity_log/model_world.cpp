#include "tests/aikido_activity_log/model_world.hpp"

#include <algorithm>
#include <sstream>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/sweep.hpp"

namespace aikido::model {
namespace {

constexpr int64_t kMostRequests = 200'000;  // in a run that is to end
constexpr int64_t kManyRequests = 20'000;   // a world that has seen as many is ended early

bool same(const std::variant<PageRequest, Idle>& left,
          const std::variant<PageRequest, Idle>& right) {
  if (left.index() != right.index()) return false;
  if (const Idle* idle = std::get_if<Idle>(&left))
    return idle->until_ns == std::get<Idle>(right).until_ns;
  const auto& a = std::get<PageRequest>(left);
  const auto& b = std::get<PageRequest>(right);
  return a.kind == b.kind && a.start_s == b.start_s && a.end_s == b.end_s && a.page == b.page;
}

int64_t origin(const CollectorSettings& settings, int64_t now_ns) {
  if (settings.backfill_start_text.empty()) return floor_seconds(now_ns) * kNsPerSecond;
  if (!settings.backfill_start_relative) return settings.backfill_start_ns;
  return floor_seconds(now_ns - settings.backfill_start_ns) * kNsPerSecond;
}

}  // namespace

World::World(uint64_t seed)
    : random_(seed),
      seed_(seed),
      plan_(random_plan(random_)),
      server_(Switches()),
      most_requests_(kManyRequests),
      clocks_(plan_.clocks) {
  server_ = random_server(random_, plan_);
}

World::World(uint64_t seed, Plan plan, Server server)
    : random_(seed),
      seed_(seed),
      plan_(std::move(plan)),
      server_(std::move(server)),
      most_requests_(kMostRequests),
      clocks_(plan_.clocks) {}

std::string World::live() {
  server_.seal(plan_.end_ns);
  delivered_.assign(server_.records().size(), 0);
  now_ns_ = next_slot_ns_ = plan_.begin_ns;
  least_window_ns_ = plan_.settings.late_arrival_window_ns;
  first_run();
  run_until(plan_.end_ns);
  if (broken_.empty()) finish();
  return broken_;
}

void World::start(std::string_view checkpoint) {
  Result<std::unique_ptr<Collector>> made = Collector::make(plan_.settings, checkpoint);
  if (!made) return broken("resuming: " + made.error().text);
  collector_ = *std::move(made);
  failures_ = 0;
  clocks_.restart();
  std::optional<int64_t> token_s = clocks_.date_s(now_ns_, random_);
  if (token_s && collector_->first_run()) token_s = now_ns_ / kNsPerSecond;
  clocks_.learn(token_s, now_ns_, collector_->vouched_ns());
}

void World::first_run() {
  for (;;) {
    start({});
    origin_ns_ = origin(plan_.settings, input_now());
    collector_->begin(input_now());
    if (!chance(plan_.crash)) break;
    now_ns_ += between(0, 100 * kNsPerSecond);
  }
  commit();
}

void World::run_until(int64_t end_ns) {
  while (now_ns_ < end_ns && broken_.empty()) {
    if (!step()) continue;
    misfortune();
    if (total_requests_ > most_requests_) now_ns_ = end_ns;
  }
}

// True when something was asked.
bool World::step() {
  const auto next = collector_->next(input_now());
  if (const Idle* idle = std::get_if<Idle>(&next)) {
    now_ns_ += std::max<int64_t>(idle->until_ns - input_now(), 1) + between(0, kNsPerSecond / 10);
    return false;
  }
  if (now_ns_ < next_slot_ns_) {
    now_ns_ = next_slot_ns_;
    return false;
  }
  ask(std::get<PageRequest>(next));
  return true;
}

void World::ask(const PageRequest& request) {
  next_slot_ns_ = now_ns_ + plan_.settings.request_interval_ns;
  ++requests_[static_cast<size_t>(request.kind)];
  ++total_requests_;
  const int64_t surely_ns = clocks_.surely_ns(now_ns_);
  now_ns_ += between(0, kNsPerSecond / 2);
  const int64_t answered_ns = now_ns_;
  const Page page = server_.answer(request, answered_ns, random_);
  now_ns_ += between(0, kNsPerSecond / 2);
  if (!calm_ && chance(plan_.lost)) return;
  if (request.kind == plan_.bad_kind && request.page >= plan_.bad_page &&
      now_ns_ < plan_.bad_until_ns && !calm_)
    return fail(request);
  const std::optional<int64_t> date_s = clocks_.date_s(answered_ns, random_);
  clocks_.learn(date_s, now_ns_, collector_->vouched_ns());
  take(request, page, date_s ? std::min(surely_ns, *date_s * kNsPerSecond) : surely_ns);
}

void World::take(const PageRequest& request, const Page& page, int64_t answer_ns) {
  const Result<Accepted> accepted = collector_->accept(request, page, answer_ns);
  if (!accepted) return broken("accept: " + accepted.error().text);
  if (request.kind == plan_.bad_kind) failures_ = 0;
  if (request.kind == SweepKind::kBackfill) backfill_done_ns_ = now_ns_;
  late_records_ += accepted->late;
  greatest_lateness_ns_ = std::max(greatest_lateness_ns_, accepted->greatest_lateness_ns);
  for (const size_t index : accepted->deliver) {
    const size_t record = std::stoul(std::string(page.records[index].data));
    output_.push_back({record, now_ns_});
    if (++delivered_[record] > 1) broken("once: record " + std::to_string(record) + " repeats");
    const Record& was = server_.records()[record];
    if (was.timed && was.time_ns < origin_ns_)
      broken("origin: record " + std::to_string(record) + " lies before it");
  }
  if (!chance(plan_.uncommitted)) commit();
}

void World::fail(const PageRequest& request) {
  const Error error{Status::kTransient, "bad page", {}, 504};
  const int64_t rest_ns =
      std::min<int64_t>(kNsPerSecond << std::min(failures_++, 9), 300 * kNsPerSecond);
  const Error told = collector_->failed(request, error, input_now(), rest_ns);
  if (told.wait.ns < 1) broken("failed: no wait");
}

void World::commit() {
  committed_ = collector_->checkpoint();
  committed_output_ = output_.size();
  progress_.push_back(collector_->progress());
  greatest_checkpoint_ = std::max(greatest_checkpoint_, committed_.size());
  if (committed_.size() > kMostCheckpoint) broken("bounded: a checkpoint above 4 MiB");
  if (chance(0.1)) check_resumed();
  if (chance(0.02)) check_watermark();
}

void World::misfortune() {
  if (chance(plan_.crash)) crash();
  if (now_ns_ >= plan_.down_from_ns && now_ns_ < plan_.down_to_ns) {
    now_ns_ = plan_.down_to_ns;
    return crash();
  }
  if (!chance(plan_.outage)) return;
  now_ns_ += between(0, plan_.longest_outage_ns);
  if (!chance(0.3)) return crash();  // else only the network was away
}

// What was not durable is gone, and the output is cut back to what was.
void World::crash() {
  while (output_.size() > committed_output_) {
    --delivered_[output_.back().record];
    output_.pop_back();
  }
  if (plan_.changes_settings && chance(0.2)) {
    plan_.settings.poll_interval_ns = between(5, 600) * kNsPerSecond;
    if (chance(0.3)) plan_.settings.late_arrival_window_ns += between(0, 600) * kNsPerSecond;
    if (chance(0.3)) plan_.settings.late_arrival_window_ns = least_window_ns_;
  }
  now_ns_ += between(0, 5 * kNsPerSecond);
  start(committed_);
}

// All is visible. A run that ends when it is caught up delivers the rest, a second one nothing.
void World::finish() {
  calm_ = true;
  clocks_.calm_down();
  last_notice_ = collector_->notice();
  now_ns_ = std::max(now_ns_, plan_.end_ns) + 600 * kNsPerSecond;  // by a slow clock, too
  plan_.settings.run_once = true;
  plan_.uncommitted = 0;
  commit();
  start(committed_);
  const int64_t most = total_requests_ + kMostRequests;
  while (broken_.empty() && total_requests_ < most) {
    const auto next = collector_->next(input_now());
    if (std::holds_alternative<Idle>(next)) break;
    step();
  }
  if (total_requests_ >= most) broken("bounded: the last run does not end");
  if (!broken_.empty()) return;
  check_output();
  check_watermark();
  check_quiet_run();
  check_memory();
}

void World::check_resumed() {
  Result<std::unique_ptr<Collector>> twin = Collector::make(plan_.settings, committed_);
  if (!twin) return broken("resume: " + twin.error().text);
  if ((*twin)->checkpoint() != committed_) broken("resume: another checkpoint than before");
  if (plan_.settings.run_once) return;  // what a run still has to do is no part of a checkpoint
  if (failures_ > 0) return;            // nor is what rests
  const int64_t soon_ns = input_now() + between(0, 2 * plan_.settings.poll_interval_ns);
  if (!same((*twin)->next(soon_ns), collector_->next(soon_ns)))
    broken("resume: another question than before");
}

void World::check_watermark() {
  const int64_t watermark_ns = collector_->watermark_ns();
  for (size_t i = 0; i < server_.records().size(); ++i) {
    const Record& record = server_.records()[i];
    if (record.timed && record.time_ns < watermark_ns && expected(record) && delivered_[i] == 0)
      return broken("watermark: record " + std::to_string(i) + " was still to come");
  }
}

void World::check_output() {
  for (size_t i = 0; i < server_.records().size(); ++i)
    if (expected(server_.records()[i]) && delivered_[i] == 0)
      return broken("complete: record " + std::to_string(i) + " is missing");
}

void World::check_quiet_run() {
  start(committed_);
  const int64_t before = total_requests_;
  const size_t output = output_.size();
  while (broken_.empty() && total_requests_ < before + kMostRequests) {
    const auto next = collector_->next(input_now());
    if (std::holds_alternative<Idle>(next)) break;
    if (std::get<PageRequest>(next).kind != SweepKind::kLate)
      return broken("few: a run with nothing new asks for more than one late sweep");
    step();
  }
  const int64_t window_s = ceil_seconds(plan_.settings.late_arrival_window_ns);
  const int64_t now_s = floor_seconds(now_ns_);
  const PageRequest all{SweepKind::kLate, now_s - window_s - 4000, now_s + 400, 0};
  const auto pages = static_cast<int64_t>(server_.listed(all, now_ns_) / kRecordsPerPage);
  const int64_t least = server_.switches().slips > 0 ? 3 * pages + 10 : pages + 3;
  if (total_requests_ - before > least) broken("few: a run with nothing new asks too much");
  if (output_.size() != output) broken("few: a run with nothing new delivers");
}

// Only what a sweep can still show is remembered.
void World::check_memory() {
  const Result<CheckpointData> data = decode(committed_);
  const int64_t window_s = ceil_seconds(plan_.settings.late_arrival_window_ns);
  const int64_t from_s = floor_seconds(data->late_opened_ns) - window_s - 10;
  int64_t may = 0;
  for (const Record& record : server_.records())
    may += !record.timed || floor_seconds(record.time_ns) >= from_s ? 1 : 0;
  if (static_cast<int64_t>(data->live.size()) > may) broken("bounded: too many ids remembered");
  if (data->past.size() > 0) broken("bounded: ids of a finished backfill");
}

void World::broken(const std::string& law) {
  if (broken_.empty()) broken_ = law + "\n" + description();
}

bool World::expected(const Record& record) const {
  return record.matches && record.time_ns >= origin_ns_ && record.visible_ns <= plan_.end_ns &&
         record.time_ns < plan_.end_ns;
}

std::string World::description() const {
  std::ostringstream out;
  const Switches& s = server_.switches();
  const CollectorSettings& c = plan_.settings;
  out << "seed " << seed_ << " at " << (now_ns_ - plan_.begin_ns) / kNsPerSecond << " s of "
      << (plan_.end_ns - plan_.begin_ns) / kNsPerSecond << ", " << server_.records().size()
      << " records, order " << static_cast<int>(s.order) << ", header "
      << static_cast<int>(s.header) << ", bounds " << s.start_inclusive << s.end_inclusive
      << ", slips " << s.slips << ", poll " << c.poll_interval_ns / kNsPerSecond << ", window "
      << c.late_arrival_window_ns / kNsPerSecond << ", late check "
      << c.late_check_interval_ns / kNsPerSecond << ", request interval "
      << c.request_interval_ns / 1'000'000 << " ms, start '" << c.backfill_start_text << "' "
      << c.backfill_start_ns / kNsPerSecond << ", crash " << plan_.crash << ", outage "
      << plan_.outage << " to " << plan_.longest_outage_ns / kNsPerSecond << ", clock error "
      << plan_.clocks.wall_ns / kNsPerSecond << ", drift " << plan_.clocks.drift << ", dates "
      << plan_.clocks.dates << ", wrong " << plan_.clocks.wrong_dates << ", requests "
      << total_requests_;
  return out.str();
}

}  // namespace aikido::model
