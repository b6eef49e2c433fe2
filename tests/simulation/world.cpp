#include "tests/simulation/world.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "host_sim/state_store.hpp"
#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "tests/simulation/memory.hpp"
#include "tests/simulation/second_pipeline.hpp"

namespace simulation {
namespace {

constexpr int64_t kSampleEvery = kMinute;
constexpr size_t kSeldom = 20;  // commits whose remembered ids are looked at
// Whatever surfaces has done so by then; the run that catches up begins after it.
constexpr int64_t kAllHasSurfaced = 2 * kHour;
constexpr double kCommitsLookedAt = 0.25;       // of those with records
constexpr double kEmptyCommitsLookedAt = 0.05;  // of the others

}  // namespace

World::World(const Plan& plan, const std::filesystem::path& plugin_folder)
    : plan_(plan),
      world_(plan.switches),
      events_(world_.clock().now_ns() + plan.phase_ns),
      troubles_(world_, world_.clock().now_ns() + plan.phase_ns,
                [this](std::string what) { events_.add(now_ns(), std::move(what)); }),
      power_cut_(world_.state()),
      dice_(plan.seed ^ 0xD1CE) {
  world_.clock().advance(plan.phase_ns);
  if (!plugin_folder.empty()) world_.plugin_folder = plugin_folder;
  world_.log_level = host::LogLevel::kInfo;
  world_.seed = plan.seed;
  for (const auto& [key, value] : plan.settings.yaml) world_.settings[key] = value;
  if (plan.has_second) world_.more_pipelines = second_pipeline(world_.settings);
  history_.plan = plan;
  history_.begin_ns = now_ns();
  history_.end_ns = ns_at(plan.span_ns);
  history_.offset_ns = plan.switches.clock_offset_s * kSecond;
  history_.activity = make_activity(plan, history_.begin_ns + history_.offset_ns);
  for (size_t i = 0; i < history_.activity.records.size(); ++i)
    record_of_.emplace(history_.activity.records[i].line, i);
  is_there_.resize(history_.activity.records.size());
  world_.server().organisation().add(std::move(history_.activity.organisation));
  if (plan.to_stdout) {
    stdout_ = ::open(world_.output().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    world_.output_yaml = "{type: stdout}";
    world_.stdout_descriptor = stdout_;
  }
  world_.at_line = [this](std::string_view line) { at_line(line); };
  world_.at_crash_point = [this](std::string_view where) { at_crash_point(where); };
  world_.watch_each(kSampleEvery,
                    [this](const host::PipelineStatus& status) { note_sample(status); });
}

World::~World() {
  if (stdout_ >= 0) ::close(stdout_);
}

History World::live() {
  schedule();
  const int64_t memory = resident_bytes();
  for (const Downtime& down : plan_.downtimes) {
    live_until(ns_at(down.from_ns));
    go_down_until(ns_at(down.to_ns));
  }
  live_until(history_.end_ns);
  catch_up();
  history_.grown_bytes = most_resident_bytes() - memory;
  note_requests();
  history_.lines = world_.lines();
  if (plan_.has_second) history_.second_lines = test_support::read_lines(second_output());
  return std::move(history_);
}

void World::schedule() {
  troubles_.schedule(plan_.troubles);
  for (const ClockJump& jump : plan_.jumps)
    world_.clock().at(ns_at(jump.time_ns), [this, jump] {
      world_.clock().jump_wall(now_ns() + jump.ahead_ns - world_.clock().wall_ns());
      events_.add(now_ns(), "the host's clock is now " + std::to_string(jump.ahead_ns) +
                                " ns ahead of the true time");
    });
}

// Through all the crashes on the way.
void World::live_until(int64_t time_ns) {
  while (now_ns() < time_ns) {
    try {
      run_until(time_ns);
    } catch (const Crash&) {
      const CrashPlan& crash = plan_.crashes[next_crash_++];
      disk_.mend();
      commit_is_refused_ = false;
      history_.runs.back().to_ns = now_ns();
      points_passed_ = 0;
      dying_amid_call_ = false;
      lose_power(crash.survives);
      go_down_until(std::min(now_ns() + crash.down_ns, history_.end_ns));
    }
  }
}

void World::run_until(int64_t time_ns) {
  int64_t until_ns = time_ns;
  const bool planned = next_crash_ < plan_.crashes.size();
  if (planned && plan_.crashes[next_crash_].amid_call) {
    const int64_t crash_ns =
        std::max(ns_at(plan_.crashes[next_crash_].time_ns), now_ns() + kSecond);
    dying_amid_call_ = crash_ns < time_ns;
    until_ns = std::min(until_ns, crash_ns);
  }
  events_.add(now_ns(), "the host starts");
  history_.runs.push_back({now_ns(), until_ns});
  const int code = world_.run_for(until_ns - now_ns());
  events_.add(now_ns(), "the host ends with " + std::to_string(code));
}

void World::go_down_until(int64_t time_ns) {
  if (time_ns > now_ns()) world_.down_for(time_ns - now_ns());
}

void World::catch_up() {
  next_crash_ = plan_.crashes.size();
  dying_amid_call_ = false;
  go_down_until(history_.end_ns + kAllHasSurfaced);
  events_.add(now_ns(), "a run to catch up starts");
  history_.last_begin_ns = now_ns();
  history_.last_exit_code = world_.run_once();
  history_.last_log = world_.log();
  for (const host::PipelineStatus& status : world_.statuses())
    if (status.name != kSecondPipeline) history_.last_watermark_ns = status.watermark_ns;
  events_.add(now_ns(), "it ends with " + std::to_string(history_.last_exit_code));
}

void World::note_requests() {
  history_.requests = world_.server().log().entries();
  std::erase_if(history_.requests, [](const fake_aikido::LoggedRequest& request) {
    return request.asked.client == ServiceTroubles::kOtherClient ||
           request.asked.parameter("per_page") == "1";  // with a token that has expired
  });
  for (const fake_aikido::LoggedRequest& request : history_.requests) {
    std::string what = request.asked.kind == fake_aikido::Kind::kToken ? "token" : "page";
    for (const char* name : {"start", "end", "page"})
      if (const auto value = request.asked.parameter(name)) what += std::string(" ") + *value;
    what += " -> " + std::to_string(request.status) + ", " + std::to_string(request.records) +
            " records" + (request.is_spoilt ? ", spoilt" : "");
    events_.add(request.asked.time_ns - history_.offset_ns, what);
  }
}

void World::note_sample(const host::PipelineStatus& status) {
  if (status.name == kSecondPipeline) return;
  history_.samples.push_back({now_ns(), status});
  std::string shown(host::to_text(status.health));
  if (shown == last_shown_) return;
  last_shown_ = shown;
  events_.add(now_ns(), "health " + shown);
}

void World::at_line(std::string_view line) {
  const auto found = record_of_.find(line);
  const bool known = found != record_of_.end();
  history_.written.push_back({now_ns(), known ? found->second : Written::kUnknown});
  if (known) is_there_[found->second] = true;
  ++lines_;
  wrote_ = true;
}

void World::at_crash_point(std::string_view where) {
  if (where == "after_cut") recount();
  if (where == "before_commit") note_durable();
  go_on_with_disk(where);
  if (where == "after_commit") note_commit();
  if (where == "after_commit") note_second();
  crash_if_planned(where);
}

void World::note_commit() {
  const bool look = dice_.chance(wrote_ ? kCommitsLookedAt : kEmptyCommitsLookedAt);
  wrote_ = false;
  if (!look && history_.origin_ns != 0) return;
  auto store = host::StateStore::open_to_look(world_.state());
  if (!store || !*store) return;
  const auto state = (*store)->pipeline("test");
  if (!state || !*state) return;
  history_.commits.push_back({.time_ns = now_ns(),
                              .records = (*state)->records,
                              .position = (*state)->output.position,
                              .durable_lines = durable_lines_,
                              .durable_bytes = durable_bytes_,
                              .checkpoint_bytes = (*state)->checkpoint.size(),
                              .unfounded = unfounded((*state)->checkpoint)});
  events_.add(now_ns(), "commit: " + std::to_string((*state)->records) + " records");
  if (history_.origin_ns != 0 || (*state)->checkpoint.empty()) return;
  const auto data = aikido::decode((*state)->checkpoint);
  if (data) history_.origin_ns = data->origin_ns;
}

// Where it begins.
void World::note_second() {
  if (!plan_.has_second || history_.second_origin_ns != 0) return;
  const auto store = host::StateStore::open_to_look(world_.state());
  if (!store || !*store) return;
  const auto state = (*store)->pipeline(kSecondPipeline);
  if (!state || !*state || (*state)->checkpoint.empty()) return;
  const auto data = aikido::decode((*state)->checkpoint);
  if (data) history_.second_origin_ns = data->origin_ns;
}

// Of all the ids that the checkpoint remembers. Looked at now and then, for it takes time.
int64_t World::unfounded(const std::string& checkpoint) const {
  const auto& records = history_.activity.records;
  if (checkpoint.empty() || history_.commits.size() % kSeldom != 0) return 0;
  const auto data = aikido::decode(checkpoint);
  if (!data) return static_cast<int64_t>(records.size());
  int64_t count = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    const std::string& id = records[i].id;
    const bool claimed = !id.empty() && (data->live.find(id, false) || data->past.find(id, false));
    count += claimed && !is_there_[i];
  }
  return count;
}

void World::crash_if_planned(std::string_view where) {
  if (next_crash_ >= plan_.crashes.size()) return;
  const CrashPlan& crash = plan_.crashes[next_crash_];
  if (crash.amid_call) {
    if (!dying_amid_call_ || where != "before_clean_end") return;
  } else if (now_ns() < ns_at(crash.time_ns) || points_passed_++ < crash.points) {
    return;
  }
  events_.add(now_ns(), "crash at " + std::string(where));
  disk_.mend();  // or the state could not be kept as it stands
  power_cut_.keep_state();
  throw Crash();
}

}  // namespace simulation
