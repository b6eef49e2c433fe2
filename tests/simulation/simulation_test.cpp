// That the simulation can fail: each law notices a history that was doctored against it. And that a
// seed replays.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>

#include "tests/simulation/crew.hpp"
#include "tests/simulation/doctored_history.hpp"
#include "tests/simulation/outcome.hpp"

namespace simulation {
namespace {

Plan troubled_plan(TroubleKind kind) {
  Plan plan = quiet_plan();
  plan.troubles = {{kind, 6 * kHour, 7 * kHour, 1'000, 503}};
  return plan;
}

const History& troubled() {
  static const History history = lived(troubled_plan(TroubleKind::kServerError));
  return history;
}

TEST_F(DoctoredHistory, WithoutALineIsIncomplete) {
  history_.lines.erase(history_.lines.begin() + 17);
  expect(every_record_is_delivered, "1 of ");
}

TEST_F(DoctoredHistory, WithALineTwiceRepeats) {
  history_.lines.push_back(history_.lines[17]);
  expect(nothing_else_is_delivered, "is there 2 times");
}

TEST_F(DoctoredHistory, WithALineTwiceIsRightOnStdout) {
  history_.plan.to_stdout = true;
  history_.lines.push_back(history_.lines[17]);
  EXPECT_EQ(check_all(history_), std::nullopt);
}

TEST_F(DoctoredHistory, WithAnotherByteIsNotUntouched) {
  history_.lines[17].back() = ' ';
  expect(nothing_else_is_delivered, "a line is no record");
}

TEST_F(DoctoredHistory, WithARecordFromBeforeTheOriginIsTooMuch) {
  const auto before =
      std::find_if(history_.activity.records.begin(), history_.activity.records.end(),
                   [&](const Record& record) { return record.time_ns < history_.origin_ns; });
  ASSERT_NE(before, history_.activity.records.end());
  history_.lines.push_back(before->line);
  expect(nothing_else_is_delivered, "is not asked for");
}

TEST_F(DoctoredHistory, WithACommitAheadOfTheOutputIsNoticed) {
  ASSERT_GT(history_.commits.size(), 10U);
  History other = history_;
  ++history_.commits[9].records;
  history_.commits[9].records += history_.commits[9].durable_lines;
  expect(no_commit_passes_the_output, "a commit claimed");
  history_ = other;
  history_.commits[9].position = history_.commits[9].durable_bytes + 1;
  expect(no_commit_passes_the_output, "a commit claimed");
  history_ = other;
  history_.commits[9].unfounded = 1;
  expect(no_commit_passes_the_output, "1 ids that the output does not have");
}

TEST_F(DoctoredHistory, WithRequestsTooCloseBreaksThePace) {
  ASSERT_GT(history_.requests.size(), 200U);
  history_.requests[100].asked.time_ns = history_.requests[99].asked.time_ns + 3 * kSecond;
  expect(requests_keep_the_pace, "3000 ms after the one before, and not 3333");
}

TEST_F(DoctoredHistory, WithASixthMoreRequestsAsksTooMuch) {
  const auto more = history_.requests;
  for (size_t i = 0; i < more.size(); i += 6) history_.requests.push_back(more[i]);
  expect(requests_are_few, "requests, and the least was");
}

TEST_F(DoctoredHistory, WithAListWhoseEndMovesIsNoticed) {
  const auto second = std::find_if(
      history_.requests.begin(), history_.requests.end(),
      [](const auto& request) { return request.asked.parameter("page").value_or("0") != "0"; });
  ASSERT_NE(second, history_.requests.end());
  for (auto& [name, value] : second->asked.parameters)
    if (name == "end") value += "0";
  expect(lists_keep_their_bounds, "was asked for, and never the one before it");
}

TEST_F(DoctoredHistory, WhereLiveSweepsTakeAllIsNoticed) {
  auto& requests = history_.requests;
  const auto second = std::find_if(requests.begin(), requests.end(), [](const auto& request) {
    return request.asked.parameter("page") == "1";
  });
  ASSERT_NE(second, requests.end());
  const size_t place = static_cast<size_t>(second - requests.begin());
  // As if the whole of it had happened when nothing else did.
  for (size_t i = 0; i <= place; ++i) requests[i].asked.time_ns += 12 * kHour;
  const auto live = requests.back();
  requests.insert(requests.begin() + static_cast<std::ptrdiff_t>(place), 9, live);
  expect(the_backfill_has_its_share, "it had its first request after 9 others");
}

TEST_F(DoctoredHistory, WithALiveRecordTooLateIsNoticed) {
  auto& written = history_.written;
  const auto live = std::find_if(written.begin(), written.end(), [&](const Written& one) {
    const Record& record = history_.activity.records[one.record];
    return record.visible_ns < record.time_ns + kSecond &&
           one.time_ns > history_.begin_ns + 12 * kHour;
  });
  ASSERT_NE(live, written.end());
  live->time_ns += 6 * kMinute;
  expect(records_are_on_time, "a live record that surfaced at");
}

TEST_F(DoctoredHistory, WithALateRecordTooLateIsNoticed) {
  auto& written = history_.written;
  const auto late = std::find_if(written.begin(), written.end(), [&](const Written& one) {
    const Record& record = history_.activity.records[one.record];
    return record.visible_ns > record.time_ns + 10 * kMinute &&
           one.time_ns > history_.begin_ns + 12 * kHour;
  });
  ASSERT_NE(late, written.end());
  late->time_ns += 12 * kMinute;
  expect(records_are_on_time, "a late record that surfaced at");
}

TEST_F(DoctoredHistory, WithALargeCheckpointOrProcessIsNoticed) {
  const History other = history_;
  history_.commits.back().checkpoint_bytes = (size_t{4} << 20) + 1;
  expect(memory_stays_small, "the checkpoint had 4194305 bytes");
  history_ = other;
  history_.grown_bytes = int64_t{1} << 30;
  expect(memory_stays_small, "grew by 1024 MiB");
}

TEST_F(DoctoredHistory, WithAWatermarkThatPassesARecordIsNoticed) {
  ASSERT_GT(history_.samples.size(), 1'000U);
  host::PipelineStatus& status = history_.samples[700].status;
  status.watermark_ns = history_.samples[700].time_ns;
  expect(the_watermark_is_true, "was still to come");
}

TEST_F(DoctoredHistory, WithAWatermarkThatStandsStillIsNoticed) {
  history_.last_watermark_ns = history_.end_ns;
  expect(the_watermark_is_true, "in the end it stood at 86400 s");
}

TEST_F(DoctoredHistory, WithALastRunThatFailedIsNoticed) {
  history_.last_exit_code = 1;
  history_.last_log = "what it said\n";
  expect(the_last_run_catches_up, "it ended with 1: what it said");
}

TEST_F(DoctoredHistory, WithGreenHealthBehindLateRecordsIsNoticed) {
  for (size_t i = 600; i < 700; ++i) history_.samples[i].status.watermark_ns -= 2 * kHour;
  expect(health_is_not_green_behind_late_records, "though the watermark lay");
}

TEST_F(DoctoredHistory, WithBadHealthWhileAllIsWellIsNoticed) {
  history_.samples[700].status.health = host::PipelineHealth::kErroring;
  history_.samples[700].status.reason = "away";
  expect(health_is_green_when_all_is_well, "health was erroring (away)");
}

class DoctoredTrouble : public DoctoredHistory {
 protected:
  DoctoredTrouble() { history_ = troubled(); }
  // What was seen in the middle of it.
  void doctor(void (*how)(host::PipelineStatus&)) {
    for (size_t i = 6 * 60 + 30; i < 6 * 60 + 40; ++i) how(history_.samples[i].status);
  }
};

TEST_F(DoctoredTrouble, WithGreenHealthIsNoticed) {
  doctor([](host::PipelineStatus& status) {
    EXPECT_EQ(status.health, host::PipelineHealth::kErroring);
    status.health = host::PipelineHealth::kRunning;
  });
  expect(health_shows_failures, "health was running");
}

TEST_F(DoctoredTrouble, WithoutAReasonIsNoticed) {
  doctor([](host::PipelineStatus& status) { status.reason.clear(); });
  expect(health_shows_failures, "health was erroring ()");
}

TEST_F(DoctoredTrouble, ThatIsNotRecoveredFromIsNoticed) {
  for (auto& request : history_.requests)
    if (request.asked.time_ns > history_.begin_ns + 6 * kHour) request.status = 503;
  history_.samples.clear();
  expect(troubles_are_recovered_from, "server error was over at 25200 s");
}

// What was shown of it said why.
bool was_told(const History& history, const std::string& why) {
  return std::any_of(history.samples.begin(), history.samples.end(), [&](const Sample& sample) {
    return sample.status.health == host::PipelineHealth::kErroring &&
           sample.status.reason.find(why) != std::string::npos;
  });
}

TEST(BadDisk, IsShownUntilItIsMendedAndLosesNothing) {
  for (const auto& [kind, why] : {std::pair(TroubleKind::kOutputFull, "File too large"),
                                  std::pair(TroubleKind::kStateFull, "File too large"),
                                  std::pair(TroubleKind::kOutputBroken, "Input/output error"),
                                  std::pair(TroubleKind::kStateBroken, "Input/output error")}) {
    const History history = lived(troubled_plan(kind));
    const auto refused = std::count_if(history.keepings.begin(), history.keepings.end(),
                                       [](const Keeping& keeping) { return keeping.refused; });
    EXPECT_GE(refused, 5) << to_text(kind);
    EXPECT_TRUE(was_told(history, why)) << to_text(kind);
    EXPECT_EQ(check_all(history), std::nullopt) << to_text(kind) << ": " << *check_all(history);
  }
}

TEST(Replay, GivesTheSameEventLogByteForByte) {
  for (const uint64_t seed : {1, 2, 3, 4, 5}) {
    const Outcome first = live(seed, 1, {}, true);
    const Outcome second = live(seed, 1, {}, true);
    EXPECT_GT(first.events.size(), 1'000U);
    EXPECT_EQ(first.events, second.events) << "seed " << seed;
    EXPECT_EQ(first.plan, second.plan);
  }
}

TEST(Crew, TellsHowAWorldsProcessDied) {
  Crew crew(1, [](uint64_t seed) -> Outcome {
    if (seed == 1) ::abort();
    return {.seed = seed, .breach = "", .requests = 12};
  });
  crew.begin(1);
  EXPECT_EQ(crew.next().breach, "the world's process ended with signal 6");
  crew.begin(2);
  const Outcome outcome = crew.next();
  EXPECT_FALSE(outcome.failed());
  EXPECT_EQ(outcome.requests, 12U);
  EXPECT_TRUE(crew.idle());
}

}  // namespace
}  // namespace simulation

int main(int count, char** arguments) {
  ::signal(SIGXFSZ, SIG_IGN);
  testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
