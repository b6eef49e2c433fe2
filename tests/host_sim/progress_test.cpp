// What the live lines of a terminal say, and how they stand on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <future>
#include <sstream>

#include "host_sim/progress_line.hpp"
#include "host_sim/progress_rate.hpp"
#include "host_sim/progress_text.hpp"
#include "tests/host_sim/status/snapshots.hpp"
#include "tests/support/screen.hpp"

namespace host {
namespace {

using status::PipelineSnapshot;
using status::test::measured;
using test_support::Screen;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr int64_t kSecond = kNsPerSecond;
constexpr int64_t kMinute = 60 * kSecond;

// A hundredth of the whole in every step of 6 s, over `steps`.
ProgressRate steady(int steps) {
  ProgressRate rate;
  for (int i = 0; i <= steps; ++i) rate.note(i * 6 * kSecond, 1000 + 90 * i, 500 + 100 * i);
  return rate;
}

TEST(ProgressRate, IsUnknownUntilThereIsSomethingToTell) {
  ProgressRate rate;
  EXPECT_FALSE(rate.left_ns());
  EXPECT_FALSE(rate.records_per_second());
  rate.note(0, 1'000'000, 5000);
  rate.note(0, 1'000'000, 5000);
  EXPECT_FALSE(rate.left_ns()) << "what earlier runs did says nothing of the pace";
  rate.note(kSecond, 1'000'050, 5100);
  EXPECT_FALSE(rate.left_ns()) << "too young";
  EXPECT_NEAR(*rate.records_per_second(), 50, 1);
  rate.note(20 * kSecond, 1'000'050, CONNECTOR_PROGRESS_UNKNOWN);
  EXPECT_FALSE(rate.left_ns()) << "no backfill";
}

TEST(ProgressRate, TheTimeLeftIsThatOfThisRunsPace) {
  const ProgressRate rate = steady(10);  // 5 % before the run, 10 % in a minute of it
  ASSERT_TRUE(rate.left_ns());
  EXPECT_NEAR(static_cast<double>(*rate.left_ns()), 8.5 * kMinute, 0.4 * kMinute);
  EXPECT_NEAR(*rate.records_per_second(), 15, 1.5);
}

TEST(ProgressRate, ALeapOverATimeWithoutRecordsIsNoPace) {
  ProgressRate rate;
  rate.note(0, 0, 0);
  rate.note(10 * kSecond, 0, 2'000);
  rate.note(25 * kSecond, 0, 3'000);
  EXPECT_FALSE(rate.left_ns()) << "what is to come may have records";
  for (int i = 1; i <= 25; ++i) rate.note((25 + 6 * i) * kSecond, 50 * i, 3'000 + 30 * i);
  EXPECT_GT(*rate.left_ns(), 20 * kMinute) << "62 %, a twentieth of a percent in a second";
  EXPECT_LT(*rate.left_ns(), 30 * kMinute);
}

TEST(ProgressRate, NeitherAFewSecondsNorAFewPagesTellAnEnd) {
  ProgressRate rate;
  for (int i = 0; i <= 6; ++i) rate.note(i * 3 * kSecond, 50 * i, 200 * i);
  EXPECT_FALSE(rate.left_ns()) << "12 % in less than 20 s";
  ProgressRate slow;
  for (int i = 0; i <= 900; ++i) slow.note(i * 4 * kSecond, 50 * i, i);
  EXPECT_FALSE(slow.left_ns()) << "9 % in an hour";
}

TEST(ProgressRate, NeitherAPauseNorALeapMakesItJump) {
  ProgressRate rate = steady(30);
  const int64_t before = *rate.left_ns();
  int64_t at = 30 * 6 * kSecond;
  const auto last = [&] { return static_cast<double>(*rate.left_ns()); };
  for (int i = 1; i <= 40; ++i) {
    const double was = last();
    rate.note(at += kSecond / 4, 3700, 3500);
    EXPECT_LT(std::abs(last() - was), 0.01 * was) << "a quarter of a second without progress";
  }
  rate.note(at += kSecond / 4, 3700, 3600);
  EXPECT_GT(last(), 0.8 * static_cast<double>(before)) << "one leap";
  EXPECT_LT(last(), 1.2 * static_cast<double>(before));
}

TEST(ProgressRate, WhatIsLostAndReadAgainIsNoNegativePace) {
  ProgressRate rate;
  rate.note(0, 1000, 1000);
  rate.note(10 * kSecond, 500, 500);
  EXPECT_EQ(rate.records_per_second(), 0);
  EXPECT_FALSE(rate.left_ns()) << "no pace, no end";
  for (int i = 2; i <= 20; ++i) rate.note(10 * i * kSecond, 500 + 50 * i, 500 + 100 * i);
  EXPECT_GT(*rate.left_ns(), 10 * kMinute);
}

PipelineSnapshot backfilling(const std::string& name = "a") {
  PipelineSnapshot snapshot = status::test::snapshot(name, PipelineHealth::kRunning);
  snapshot.status.progress = 4320;
  snapshot.status.records = 21'600;
  snapshot.status.now_ns = 1'767'230'035 * kSecond;
  snapshot.status.lag_ns = 29 * 24 * 60 * kMinute;
  snapshot.metrics = {measured("range_start_timestamp_seconds", "range=backfill", 1'705'276'800),
                      measured("range_done_timestamp_seconds", "range=backfill", 1'730'000'000),
                      measured("range_end_timestamp_seconds", "range=backfill", 1'767'225'600),
                      measured("range_start_timestamp_seconds", "range=live", 1'767'225'600),
                      measured("range_done_timestamp_seconds", "range=live", 1'767'230'000)};
  return snapshot;
}

TEST(ProgressText, IsABarBetweenDatesWithFigures) {
  EXPECT_EQ(progress_text(backfilling(), steady(12), 118),
            "a  2024-01-15 [##########--------------] 2026-01-01  43.2 %  21600 records  15.0/s  "
            "about 8 min left  live 35 s behind");
}

TEST(ProgressText, EachWidthIsKeptToAndWhatIsCountedIsWorthMoreThanTheDates) {
  PipelineSnapshot snapshot = backfilling("aikido-activity");
  for (size_t columns = 1; columns < 200; ++columns)
    EXPECT_LE(progress_text(snapshot, steady(12), columns).size(), columns);
  EXPECT_EQ(progress_text(backfilling(), steady(12), 80),
            "a  [###-----]  43.2 %  21600 records  15.0/s  about 8 min left  live 35 s behind");
  EXPECT_EQ(progress_text(snapshot, steady(12), 79),
            "aikido-activity  [####-------]  43.2 %  21600 records  15.0/s  about 8 min left");
  EXPECT_EQ(progress_text(snapshot, steady(12), 40), "aikido-act..  43.2 %  21600 records");
}

TEST(ProgressText, WithoutABackfillThereIsNoBar) {
  PipelineSnapshot snapshot = backfilling();
  snapshot.status.progress = 10'000;
  EXPECT_EQ(progress_text(snapshot, ProgressRate(), 110), "a  21600 records  live 35 s behind");
  snapshot.status.health = PipelineHealth::kErroring;
  EXPECT_THAT(progress_text(snapshot, ProgressRate(), 110), StartsWith("a: erroring  "));
}

TEST(ProgressText, OfSeveralIsTheirTotal) {
  std::vector<PipelineSnapshot> all(5, backfilling());
  all[1].status.progress = 10'000;
  all[2].status.health = PipelineHealth::kStopped;
  all[3].status.now_ns += 85 * kSecond;
  all[4].status.progress = CONNECTOR_PROGRESS_UNKNOWN;
  const ProgressRate slow = steady(12), fast = steady(40), none;
  const std::string text = total_text(all, {&fast, &none, &slow, &fast, &none}, 150);
  EXPECT_THAT(text, StartsWith("5 pipelines: 4 running, 1 stopped  2024-01-15 [####"));
  EXPECT_THAT(text, HasSubstr("] 2026-01-01  57.4 %  108000 records  45.0/s")) << "four backfill";
  EXPECT_THAT(text, HasSubstr("about 8 min left  live 2 min behind"))
      << "of the slowest, of the greatest";
  EXPECT_THAT(total_text(all, {&fast, &none, &slow, &fast, &none}, 42),
              AllOf(StartsWith("5 pipelines: 1 stopped  [##"), HasSubstr("57.4 %")));
  EXPECT_EQ(total_text(all, {&fast, &none, &slow, &fast, &none}, 77),
            "5 pipelines: 1 stopped  [#####----]  57.4 %  108000 records  about 8 min left");
  EXPECT_EQ(total_text(all, {&fast, &none, &slow, &fast, &none}, 50),
            "5 pipelines: 1 stopped  57.4 %  108000 records");
}

TEST(ProgressText, TheSlowestOfSeveralMayBeTheOneThatCannotTellYet) {
  std::vector<PipelineSnapshot> all(5, backfilling());
  const ProgressRate old = steady(42), young = steady(4);
  EXPECT_THAT(total_text(all, {&old, &old, &old, &old, &old}, 150), HasSubstr("about 5 min left"));
  const std::vector<const ProgressRate*> with_a_young_one = {&old, &old, &young, &old, &old};
  EXPECT_THAT(total_text(all, with_a_young_one, 150), Not(HasSubstr("left")));
  all[2].status.health = PipelineHealth::kErroring;
  EXPECT_THAT(total_text(all, with_a_young_one, 150), HasSubstr("about 5 min left"))
      << "who fails has no end that could be told";
}

// The terminal at three moments of a real drawing.
struct Drawn {
  std::vector<std::string> before, after_a_message, after_the_end;
};

std::vector<std::string> shown(const std::ostringstream& stream) {
  Screen screen;
  screen.write(stream.str());
  return screen.rows();
}

// The drawing thread stands still while this one looks and writes.
Drawn draw(size_t pipelines, TerminalSize size) {
  std::vector<PipelineSnapshot> all;
  for (size_t i = 0; i < pipelines; ++i) all.push_back(backfilling("p" + std::to_string(i)));
  SystemClock clock;
  std::ostringstream stream;
  const std::unique_ptr<Log> log = make_log(clock, LogLevel::kInfo, LogFormat::kText, stream);
  ProgressLine line(*log, stream, [size] { return size; });
  std::promise<void> was_drawn, go_on;
  line.info("p0", "before");
  line.start([&, times = 0]() mutable {
    if (++times == 2) {
      was_drawn.set_value();
      go_on.get_future().wait();
    }
    return status::Snapshot{.host = {}, .pipelines = all};
  });
  EXPECT_TRUE(line.shows_progress());
  was_drawn.get_future().wait();
  Drawn drawn;
  drawn.before = shown(stream);
  line.warning("p1", "something");
  drawn.after_a_message = shown(stream);
  go_on.set_value();
  line.stop();
  EXPECT_FALSE(line.shows_progress());
  line.info("p0", "after");
  drawn.after_the_end = shown(stream);
  return drawn;
}

TEST(ProgressLine, StandsBelowTheLogAndLeavesNothingBehind) {
  const auto first = HasSubstr("info    p0: before"), second = HasSubstr("warning p1: something");
  const Drawn drawn = draw(3, {110, 24});
  const auto is_line = [](const std::string& name) {
    return StartsWith(name + "  2024-01-15 [##");
  };
  EXPECT_THAT(drawn.before, ElementsAre(first, is_line("p0"), is_line("p1"), is_line("p2")));
  EXPECT_THAT(drawn.after_a_message,
              ElementsAre(first, second, is_line("p0"), is_line("p1"), is_line("p2")));
  EXPECT_THAT(drawn.after_the_end, ElementsAre(first, second, HasSubstr("p0: after")));
}

TEST(ProgressLine, AtTheTopOfATerminalItFillsNoHistory) {
  std::ostringstream stream;
  SystemClock clock;
  const std::unique_ptr<Log> log = make_log(clock, LogLevel::kInfo, LogFormat::kText, stream);
  ProgressLine line(*log, stream, [] { return TerminalSize{110, 24}; });
  std::promise<void> redrawn;
  line.start([&, times = 0]() mutable {
    if (++times == 4) redrawn.set_value();
    return status::Snapshot{.host = {}, .pipelines = {backfilling("p0"), backfilling("p1")}};
  });
  redrawn.get_future().wait();
  line.stop();
  EXPECT_THAT(stream.str(), HasSubstr("p1  2024-01-15 [##"));
  Screen screen(110, 24);
  screen.write(stream.str());
  EXPECT_THAT(screen.rows(), testing::IsEmpty());
}

TEST(ProgressLine, FromFiveOnAndOnALowTerminalThereIsATotal) {
  const auto total_of = [](int count) {
    return StartsWith(std::to_string(count) + " pipelines: " + std::to_string(count) + " running");
  };
  EXPECT_EQ(draw(4, {110, 24}).before.size(), 5u);
  EXPECT_THAT(draw(5, {110, 24}).before, ElementsAre(HasSubstr("before"), total_of(5)));
  EXPECT_THAT(draw(3, {110, 3}).before, ElementsAre(HasSubstr("before"), total_of(3)));
}

}  // namespace
}  // namespace host
