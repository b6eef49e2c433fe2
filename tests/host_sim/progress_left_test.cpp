// Histories of uneven density: the time left that is told is near the truth, or is not told.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "host_sim/clock.hpp"
#include "host_sim/progress_rate.hpp"

namespace host {
namespace {

constexpr int kCells = 10'000;  // one of each step of the progress
constexpr double kFarOff = 4;   // times the truth, or a fourth of it
constexpr double kJump = 1.1;   // within a thousandth of the backfill
constexpr double kDay = 86'400;

struct History {
  const char* name;
  std::function<double(double)> density;  // of records, at 0..1 of its time
};

// Years of weeks with a quiet end, and nights.
double in_weeks(double at) {
  const double day = std::fmod(at * 730, 7);
  return day < 5 ? 1 + 0.9 * std::sin(2 * std::numbers::pi * day) : 0.1;
}

const std::vector<History>& histories() {
  static const std::vector<History> kAll = {
      {"even", [](double) { return 1.0; }},
      {"grows tenfold", [](double at) { return 0.1 + 0.9 * at; }},
      {"grows by a factor of seven", [](double at) { return std::exp(2 * at); }},
      {"shrinks to a third", [](double at) { return 3 - 2 * at; }},
      {"a sparse beginning", [](double at) { return at < 0.08 ? 0.02 : 1; }},
      {"a dense beginning", [](double at) { return at < 0.05 ? 10 : 1; }},
      {"weeks", in_weeks},
      {"weeks that become more", [](double at) { return (0.3 + at) * in_weeks(at); }},
      {"a wild month", [](double at) { return at > 0.5 && at < 0.54 ? 10 : 1; }},
  };
  return kAll;
}

// The times at which each step of the progress is reached, of `seconds` in all.
std::vector<double> reached(const History& history, double seconds) {
  std::vector<double> at = {0};
  for (int cell = 0; cell < kCells; ++cell)
    at.push_back(at.back() + history.density((cell + 0.5) / kCells));
  const double all = at.back();
  for (double& time : at) time *= seconds / all;
  return at;
}

struct Told {
  double worst = 1;  // factor between what was told and the truth
  double jump = 1;   // between one and the next that was told right behind it
  double first = 1;  // the part of the backfill after which it was told
  double share = 0;  // of the moments behind the first fifth
};

// At the end of it a minute, or a hundredth of the whole, is near enough.
double apart(double one, double other, double end) {
  return std::max({one, other, end}) / std::max(std::min(one, other), end);
}

// Looked at a thousand times or, where that is more often, four times a second as a terminal is.
Told told_in(const History& history, double seconds) {
  const std::vector<double> at = reached(history, seconds);
  const double step = seconds / std::ceil(std::max(1000.0, std::min(4 * seconds, 20'000.0)));
  const double end = std::max(60.0, seconds / 100);
  Told told;
  ProgressRate rate;
  size_t cell = 0, moments = 0, with_time = 0;
  double last = 0, last_at = 0;
  for (double now = 0; now < seconds; now += step) {
    while (cell + 1 < at.size() && at[cell + 1] <= now) ++cell;
    rate.note(static_cast<int64_t>(now * kNsPerSecond), static_cast<int64_t>(now * 15),
              static_cast<int32_t>(cell));
    const std::optional<int64_t> left = rate.left_ns();
    moments += now > seconds / 5;
    if (!left) continue;
    with_time += now > seconds / 5;
    const double said = static_cast<double>(*left) / kNsPerSecond;
    told.worst = std::max(told.worst, apart(said, seconds - now, end));
    if (last > 0 && now - last_at < 1.5 * step)
      told.jump = std::max(told.jump, apart(said, last, end));
    if (last == 0) told.first = now / seconds;
    last = said;
    last_at = now;
  }
  told.share = static_cast<double>(with_time) / static_cast<double>(moments);
  return told;
}

TEST(ProgressLeft, IsNearTheTruthOrNotTold) {
  for (const History& history : histories())
    for (const double seconds : {300.0, 3600.0, kDay, 20 * kDay}) {
      SCOPED_TRACE(std::string(history.name) + " in " + std::to_string(seconds) + " s");
      const Told told = told_in(history, seconds);
      EXPECT_LT(told.worst, kFarOff);
      EXPECT_LT(told.jump, kJump);
      EXPECT_LT(told.first, 0.5);
      EXPECT_GT(told.share, 0.5);
    }
}

}  // namespace
}  // namespace host
