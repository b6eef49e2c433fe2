// What a seed decides: the organisation, the service, the settings, and what goes wrong and when.
// A plan is data; nothing of it is drawn later.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/clock.hpp"
#include "tests/fake_aikido/switches.hpp"
#include "tests/simulation/trouble.hpp"

namespace simulation {

using fake_aikido::kDay;
using fake_aikido::kHour;
using fake_aikido::kMinute;
using fake_aikido::kSecond;

// Times are the true ones, in nanoseconds since the first run began, unless said otherwise.

// Records that happen in [from_ns, to_ns).
struct Stream {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  size_t count = 0;
  double burst = 0;  // how often a record shares its second with the one before
};

struct ActivityPlan {
  std::vector<Stream> streams;
  fake_aikido::Shape shape = fake_aikido::Shape::kDocumented;
  double late = 0;       // how many surface after their time ..
  int64_t latest_s = 0;  // .. and by how much at most
  double idless = 0;
  double timeless = 0;
  double withheld = 0;  // listed and then filtered out
};

// As the manifest says it, and as numbers.
struct SettingsPlan {
  std::map<std::string, std::string> yaml;
  int64_t poll_ns = 0;
  int64_t late_check_ns = 0;
  int64_t window_ns = 0;
  int64_t request_interval_ns = 0;
  int64_t timeout_ns = 0;
  std::optional<int64_t> backfill_ns;  // how far before the first run it begins
  bool by_users_only = false;
};

// The host is not running.
struct Downtime {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
};

// The host is dropped at the crash point that is `points` after the moment, or, where
// `amid_call`, inside a call of the plugin.
struct CrashPlan {
  int64_t time_ns = 0;
  int64_t points = 0;
  bool amid_call = false;
  int64_t down_ns = 0;  // until it is started anew
  double survives = 1;  // how much of what was not synced is still there
};

// The host's wall clock alone is set: so far ahead of the true time.
struct ClockJump {
  int64_t time_ns = 0;
  int64_t ahead_ns = 0;
};

struct Plan {
  uint64_t seed = 0;
  int64_t span_ns = 0;   // nothing happens and nothing goes wrong afterwards
  int64_t phase_ns = 0;  // of the first run, after the full second
  fake_aikido::Switches switches;
  ActivityPlan activity;
  SettingsPlan settings;
  bool to_stdout = false;
  // In the same host, with the same client id: all records where the first one reads those of users
  // alone, and the other way round, into a file of its own.
  bool has_second = false;
  std::vector<Downtime> downtimes;  // in order, apart from each other
  std::vector<CrashPlan> crashes;   // in order
  std::vector<ClockJump> jumps;     // in order
  std::vector<Trouble> troubles;    // in the order of their beginning
};

Plan make_plan(uint64_t seed, int64_t days);

// On one line, for whoever looks at a failure.
std::string to_text(const Plan& plan);

}  // namespace simulation
