// What outlasts a moment of trouble: the log of an hour without the service, and what the state
// keeps for those who look later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "host_sim/told_position.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kHour = 60 * kMinute;

// One record a minute, each with the place where it stands; but not while the service is away.
class AwayScript final : public Script {
 public:
  Result<Batch> next(const connector::Host& host, int64_t& position) override {
    if (is_away) {
      if (away_in_between && ++calls_ % 2 == 0) return idle();
      return Error{Status::kTransient, "no connection (try " + std::to_string(++tries) + ")"};
    }
    host.gauge("range_start_timestamp_seconds", "range=live", 100);
    host.gauge("range_done_timestamp_seconds", "range=live", 100 + position + 1);
    host.gauge("remembered_ids", "", position + 1);
    host.gauge("speed", "", 5);
    return counting_batch(position++, 1, {kMinute, CONNECTOR_WAIT_IDLE});
  }

  bool is_away = false;
  bool away_in_between = false;
  int tries = 0;

 private:
  static Batch idle() {
    Batch batch;
    batch.wait = {kMinute, CONNECTOR_WAIT_IDLE};
    return batch;
  }
  int calls_ = 0;
};

class PipelineReports : public testing::Test {
 protected:
  PipelineReports() { rig_.add("a", script_); }

  void go_away(int64_t from_ns, int64_t to_ns) {
    rig_.clock.after(from_ns, [this] { script_.is_away = true; });
    rig_.clock.after(to_ns, [this] { script_.is_away = false; });
  }
  StateReport report() {
    const auto store = StateStore::open_to_look(rig_.state());
    EXPECT_TRUE(store && *store);
    return (*store)->reports()->at("a");
  }
  std::vector<std::string> lines(const std::string& needle) const {
    std::istringstream text(rig_.log.text());
    std::vector<std::string> found;
    for (std::string line; std::getline(text, line);)
      if (line.find(needle) != std::string::npos) found.push_back(line);
    return found;
  }

  HostRig rig_;
  AwayScript script_;
};

TEST_F(PipelineReports, AnHourWithoutTheServiceIsAHandfulOfLines) {
  go_away(10 * kMinute + kSecond, 70 * kMinute + kSecond);
  EXPECT_EQ(rig_.run_for(90 * kMinute), 0);
  EXPECT_GT(script_.tries, 15) << "it was tried all the time";
  EXPECT_THAT(report().error->text, HasSubstr("no connection"));
  const auto told = lines("no connection");
  ASSERT_GE(told.size(), 6u) << rig_.log.text();
  EXPECT_LE(told.size(), 8u) << rig_.log.text();
  EXPECT_EQ(told.front(), "warning a: erroring: no connection (try 1); trying again in 1 s");
  for (size_t i = 1; i + 1 < told.size(); ++i) {
    EXPECT_THAT(told[i], HasSubstr("warning a: erroring: no connection (try "));
    EXPECT_THAT(told[i], testing::ContainsRegex("\\([0-9]+ times in the last 1[0-9] min"));
  }
  EXPECT_THAT(told.back(),
              testing::MatchesRegex("info a: running: over after 6[0-9] min.*, " +
                                    std::to_string(script_.tries) + " times: no connection .*"));
  EXPECT_THAT(lines("info a: running"), testing::SizeIs(2)) << "at the beginning, and again";
}

TEST_F(PipelineReports, ATroubleThatComesAndGoesIsCountedToo) {
  script_.away_in_between = true;
  go_away(10 * kMinute + kSecond, 70 * kMinute + kSecond);
  EXPECT_EQ(rig_.run_for(90 * kMinute), 0);
  EXPECT_GT(script_.tries, 40);
  EXPECT_LE(lines("no connection").size(), 9u) << rig_.log.text();
  EXPECT_THAT(lines("running").back(), HasSubstr("times: no connection")) << "over in the end";
}

TEST_F(PipelineReports, TheStateKeepsWhereThePluginStoodAtTheCommit) {
  EXPECT_EQ(rig_.run_for(5 * kMinute + kSecond), 0);
  const StateReport kept = report();
  const ToldPosition told = position_of(kept.gauges);
  EXPECT_THAT(told.ranges, ElementsAre(TimeRange{"live", 100, 106, std::nullopt}));
  EXPECT_EQ(told.remembered_ids, 6);
  EXPECT_EQ(kept.gauges.size(), 3u);
  EXPECT_FALSE(kept.error);
}

TEST_F(PipelineReports, TheStateKeepsTheLastErrorAlsoWithoutAnyCommit) {
  script_.is_away = true;
  const int64_t begin_ns = rig_.clock.wall_ns();
  EXPECT_EQ(rig_.run_for(kHour), 0);
  const StateReport kept = report();
  ASSERT_TRUE(kept.error);
  EXPECT_THAT(kept.error->text, HasSubstr("no connection"));
  EXPECT_GE(kept.error->time_ns, begin_ns);
  EXPECT_TRUE(kept.gauges.empty());
}

// However often the same was told of before.
TEST_F(PipelineReports, TheLastErrorIsTheLastOne) {
  go_away(10 * kMinute + kSecond, 70 * kMinute + kSecond);
  EXPECT_EQ(rig_.run_for(90 * kMinute), 0);
  const int64_t end_ns = rig_.clock.wall_ns();
  const LastError last = *report().error;
  EXPECT_EQ(last.text, "no connection (try " + std::to_string(script_.tries) + ")");
  EXPECT_GT(last.time_ns, end_ns - 40 * kMinute) << "it was away until 20 minutes ago";
}

// A plugin that warns at every try is no better.
class WarningScript final : public Script {
 public:
  Result<Batch> next(const connector::Host& host, int64_t&) override {
    ++warnings;
    host.log(CONNECTOR_LOG_WARNING, "the moon is full");
    host.log(CONNECTOR_LOG_INFO, "looked");
    Batch batch;
    batch.wait = {kMinute, CONNECTOR_WAIT_IDLE};
    return batch;
  }
  int warnings = 0;
};

TEST_F(PipelineReports, WhatAPluginWarnsOfAgainAndAgainIsCounted) {
  WarningScript warning;
  rig_.add("b", warning);
  EXPECT_EQ(rig_.run_for(25 * kMinute + kSecond), 0);
  EXPECT_EQ(warning.warnings, 26);
  EXPECT_THAT(lines("the moon"),
              ElementsAre("warning b: the moon is full",
                          "warning b: the moon is full (10 times in the last 10 min)",
                          "warning b: the moon is full (10 times in the last 10 min)"));
  EXPECT_EQ(rig_.log.count("info b: looked"), 26) << "what is no trouble is told each time";
}

}  // namespace
}  // namespace host::test
