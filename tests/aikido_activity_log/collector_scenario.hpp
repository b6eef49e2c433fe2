// Worlds made to measure: an even stream of records on a server that behaves, at the real pace.
#pragma once

#include <string>

#include "plugins/aikido_activity_log/sweep.hpp"
#include "tests/aikido_activity_log/model_world.hpp"

namespace aikido::model {

constexpr int64_t kSecond = kNsPerSecond;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kBegin = 1'700'000'000 * kSecond;
constexpr int64_t kRequestInterval = 10 * kSecond / 3;

struct Stream {
  int64_t count = 0;
  int64_t from_ns = kBegin;
  int64_t to_ns = kBegin;
  double late = 0;  // how many of them surface late, up to
  int64_t latest_ns = 55 * kMinute;
};

// The settings' defaults, no misfortune; runs for `span_ns`.
inline Plan steady_plan(int64_t span_ns) {
  Plan plan;
  plan.settings.identity = "https://app.aikido.dev";
  plan.settings.client_id = "AIK_CLIENT_model";
  plan.settings.poll_interval_ns = kMinute;
  plan.settings.late_arrival_window_ns = 90 * kMinute;
  plan.settings.late_check_interval_ns = 10 * kMinute;
  plan.settings.request_interval_ns = kRequestInterval;
  plan.begin_ns = kBegin;
  plan.end_ns = kBegin + span_ns;
  return plan;
}

inline void backfill_from(Plan& plan, int64_t start_ns) {
  plan.settings.backfill_start_ns = start_ns;
  plan.settings.backfill_start_text = "2023-01-01";
}

inline void add_stream(Server& server, const Stream& stream, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int64_t> time(stream.from_ns, stream.to_ns);
  std::uniform_int_distribution<int64_t> lateness(kMinute, stream.latest_ns);
  for (int64_t i = 0; i < stream.count; ++i) {
    Record record;
    record.time_ns = floor_seconds(time(random)) * kSecond;
    const bool late = std::bernoulli_distribution(stream.late)(random);
    record.visible_ns = record.time_ns + (late ? lateness(random) : kSecond);
    record.rank = random();
    record.id = std::to_string(server.records().size() + 1'000'000);
    server.add(std::move(record));
  }
}

// The longest time from a record's appearance to its delivery, for those that appeared in between.
struct Delays {
  int64_t live_ns = 0;
  int64_t late_ns = 0;
  int64_t lives = 0;
  int64_t lates = 0;
};
inline Delays delays(const World& world, int64_t after_ns, int64_t until_ns) {
  Delays found;
  for (const World::Output& output : world.output()) {
    const Record& record = world.server().records()[output.record];
    if (record.visible_ns < after_ns || record.visible_ns >= until_ns) continue;
    const bool late = record.visible_ns > record.time_ns + 30 * kSecond;
    int64_t& longest = late ? found.late_ns : found.live_ns;
    longest = std::max(longest, output.time_ns - record.visible_ns);
    ++(late ? found.lates : found.lives);
  }
  return found;
}

}  // namespace aikido::model
