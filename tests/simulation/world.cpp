#include "tests/simulation/world.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "host_sim/state_store.hpp"
#include "plugins/aikido_activity_log/checkpoint.hpp"

namespace simulation {
namespace {

constexpr int64_t kSampleEvery = 10 * kMinute;
// Whatever surfaces has done so by then; the run that catches up begins after it.
constexpr int64_t kAllHasSurfaced = 2 * kHour;
constexpr double kCommitsLookedAt = 0.25;       // of those with records
constexpr double kEmptyCommitsLookedAt = 0.05;  // of the others

int64_t size_of(const std::filesystem::path& file) {
  std::error_code missing;
  const uintmax_t size = std::filesystem::file_size(file, missing);
  return missing ? 0 : static_cast<int64_t>(size);
}

int64_t lines_in(const std::filesystem::path& file) {
  const std::string text = test_support::read_file(file);
  return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

World::World(const Plan& plan, const std::filesystem::path& plugin_folder)
    : plan_(plan),
      world_(plan.switches),
      events_(world_.clock().now_ns() + plan.phase_ns),
      dice_(plan.seed ^ 0xD1CE) {
  world_.clock().advance(plan.phase_ns);
  if (!plugin_folder.empty()) world_.plugin_folder = plugin_folder;
  world_.log_level = host::LogLevel::kInfo;
  world_.seed = plan.seed;
  for (const auto& [key, value] : plan.settings.yaml) world_.settings[key] = value;
  history_.plan = plan;
  history_.begin_ns = now_ns();
  history_.end_ns = ns_at(plan.span_ns);
  history_.offset_ns = plan.switches.clock_offset_s * kSecond;
  history_.activity = make_activity(plan, history_.begin_ns + history_.offset_ns);
  for (size_t i = 0; i < history_.activity.records.size(); ++i)
    record_of_.emplace(history_.activity.records[i].line, i);
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
  for (const Downtime& down : plan_.downtimes) {
    live_until(ns_at(down.from_ns));
    go_down_until(ns_at(down.to_ns));
  }
  live_until(history_.end_ns);
  catch_up();
  note_requests();
  history_.lines = world_.lines();
  return std::move(history_);
}

void World::schedule() {
  for (const ClockJump& jump : plan_.jumps)
    world_.clock().at(ns_at(jump.time_ns), [this, jump] {
      world_.clock().jump_wall(jump.delta_ns);
      events_.add(now_ns(), "the host's clock jumps by " + std::to_string(jump.delta_ns) + " ns");
    });
}

// Through all the crashes on the way.
void World::live_until(int64_t time_ns) {
  while (now_ns() < time_ns) {
    try {
      run_until(time_ns);
    } catch (const Crash&) {
      const CrashPlan& crash = plan_.crashes[next_crash_++];
      history_.crashes.push_back(now_ns());
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
  history_.last_exit_code = world_.run_once();
  history_.last_log = world_.log();
  events_.add(now_ns(), "it ends with " + std::to_string(history_.last_exit_code));
}

void World::note_requests() {
  history_.requests = world_.server().log().entries();
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
  ++lines_;
  wrote_ = true;
}

void World::at_crash_point(std::string_view where) {
  if (where == "after_cut") recount();
  if (where == "before_commit") {  // after the sync
    durable_lines_ = lines_;
    durable_bytes_ = size_of(world_.output());
  }
  if (where == "after_commit") note_commit();
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
                              .checkpoint_bytes = (*state)->checkpoint.size()});
  events_.add(now_ns(), "commit: " + std::to_string((*state)->records) + " records");
  if (history_.origin_ns != 0 || (*state)->checkpoint.empty()) return;
  const auto data = aikido::decode((*state)->checkpoint);
  if (data) history_.origin_ns = data->origin_ns;
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
  throw Crash();
}

void World::recount() {
  lines_ = lines_in(world_.output());
  durable_lines_ = std::min(durable_lines_, lines_);
  durable_bytes_ = std::min(durable_bytes_, size_of(world_.output()));
}

// Of what was not synced a part is gone. What stands on stdout was read by somebody.
void World::lose_power(double survives) {
  const int64_t size = size_of(world_.output());
  if (plan_.to_stdout || size <= durable_bytes_) return;
  const auto kept = static_cast<int64_t>(survives * static_cast<double>(size - durable_bytes_));
  std::filesystem::resize_file(world_.output(), static_cast<uintmax_t>(durable_bytes_ + kept));
  recount();
}

}  // namespace simulation
