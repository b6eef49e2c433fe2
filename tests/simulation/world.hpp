// A plan lived through: the real host, the real plugin and the stand-in, from the first run to the
// one that catches up in the end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/end_to_end/world.hpp"
#include "tests/simulation/bad_disk.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/event_log.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/power_cut.hpp"
#include "tests/simulation/service_troubles.hpp"
#include "tests/support/files.hpp"

namespace simulation {

// Thrown at a crash point. No std::exception, so that nothing on the way mistakes it for a failure
// that it could handle.
struct Crash {};

// One thread.
class World {
 public:
  // `plugin_folder` is empty for the built one.
  World(const Plan& plan, const std::filesystem::path& plugin_folder);
  ~World();

  History live();
  // Of all that live() saw.
  std::string events() const { return events_.text(); }

 private:
  int64_t now_ns() { return world_.clock().now_ns(); }
  int64_t ns_at(int64_t since_begin_ns) const { return history_.begin_ns + since_begin_ns; }
  void schedule();
  void live_until(int64_t time_ns);
  void run_until(int64_t time_ns);
  void catch_up();
  void go_down_until(int64_t time_ns);
  void note_requests();
  void note_sample(const host::PipelineStatus& status);

  void at_line(std::string_view line);
  void at_crash_point(std::string_view where);
  void note_durable();
  void go_on_with_disk(std::string_view where);
  void mend_disk();
  bool spoil_write();
  bool spoil_sync();
  bool spoil_commit();
  bool holds(TroubleKind kind);
  void note_commit();
  void note_second();
  int64_t unfounded(const std::string& checkpoint) const;
  void crash_if_planned(std::string_view where);
  void lose_power(double survives);
  std::filesystem::path second_output() const;
  void recount();

  Plan plan_;
  end_to_end::World world_;
  History history_;
  EventLog events_;
  ServiceTroubles troubles_;
  BadDisk disk_;
  PowerCut power_cut_;
  Dice dice_;  // for what to look at, and what a power cut leaves
  std::unordered_map<std::string_view, size_t> record_of_;  // by its line
  int stdout_ = -1;
  size_t next_crash_ = 0;
  int64_t points_passed_ = 0;
  bool dying_amid_call_ = false;
  std::vector<bool> is_there_;  // by record: in the output
  int64_t lines_ = 0;           // in the output
  int64_t durable_lines_ = 0;   // of them
  int64_t durable_bytes_ = 0;
  int64_t spoilt_ns_ = 0;           // when the disk turned bad,
  bool is_commit_spoilt_ = false;   // for a commit, or for a write
  bool commit_is_refused_ = false;  // the one that is being made
  bool wrote_ = false;              // since the last commit
  std::string last_shown_;          // health
};

}  // namespace simulation
