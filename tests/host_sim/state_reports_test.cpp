// What pipelines tell of themselves, beside the positions in a state; and a state that is older.
#include "host_sim/state_reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "host_sim/state_store.hpp"
#include "host_sim/told_position.hpp"
#include "tests/host_sim/state_fixture.hpp"
#include "tests/host_sim/status/snapshots.hpp"
#include "tests/support/files.hpp"

namespace host {
namespace {

using status::test::measured;
using test::some_state;
using testing::ElementsAre;
using testing::IsEmpty;

class StateReports : public test::StateFixture {
 protected:
  void execute(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
  // As that version wrote it.
  void make_old(int schema = 1) {
    execute(test_support::read_file(STATE_FIXTURES "/schema_" + std::to_string(schema) + ".sql"));
  }

  const std::vector<Metric> metrics_ = {
      measured("bytes_total", "", 1),
      measured("late_sweep_timestamp_seconds", "", 300),
      measured("range_done_timestamp_seconds", "range=live", 400),
      measured("range_start_timestamp_seconds", "range=live", 100),
      measured("remembered_ids", "", 7),
  };
  const PipelineStates old_states_ = {{"a", some_state()}, {"b", PipelineState{.plugin = "p"}}};
};

TEST_F(StateReports, AreThereAgainWithThePositionsAlone) {
  const LastError error{12, "no connection"};
  EXPECT_TRUE(opened()->commit({{"a", some_state()}},
                               {{{"a", gauges_text(metrics_)}}, {{"a", error}, {"new", error}}}));
  const auto reports = *opened()->reports();
  ASSERT_EQ(reports.size(), 2u);
  const ToldPosition told = position_of(reports.at("a").gauges);
  EXPECT_THAT(told.ranges, ElementsAre(TimeRange{"live", 100, 400, std::nullopt}));
  EXPECT_EQ(told.late_sweep_s, 300);
  EXPECT_EQ(told.remembered_ids, 7);
  EXPECT_EQ(reports.at("a").gauges.size(), 4u) << "what tells no position is not kept";
  EXPECT_EQ(reports.at("a").error, error);
  EXPECT_EQ(reports.at("new").error, error) << "also of one that never committed";
  EXPECT_THAT(*opened()->names(), ElementsAre("a"));
}

TEST_F(StateReports, ACommitWithoutThemLeavesTheLastOnes) {
  const auto store = opened();
  EXPECT_TRUE(store->commit({{"a", some_state()}},
                            {{{"a", gauges_text(metrics_)}}, {{"a", {1, "first"}}}}));
  EXPECT_TRUE(store->commit({{"a", some_state()}}));
  EXPECT_TRUE(store->commit({}, {{}, {{"a", {2, "second"}}}}));
  EXPECT_EQ(store->reports()->at("a").gauges.size(), 4u);
  EXPECT_EQ(store->reports()->at("a").error, (LastError{2, "second"}));
}

TEST_F(StateReports, GoWithAPositionThatIsForgottenOrReplaced) {
  const auto store = opened();
  const auto commit = [&](const std::string& name) {
    EXPECT_TRUE(store->commit({{name, some_state()}},
                              {{{name, gauges_text(metrics_)}}, {{name, {1, "an error"}}}}));
  };
  commit("a");
  commit("b");
  commit("c");
  EXPECT_TRUE(store->replace({"a"}, {{"b", some_state()}}));
  EXPECT_EQ(store->reports()->size(), 1u);
  EXPECT_TRUE(store->reports()->contains("c"));
}

TEST_F(StateReports, ThatNobodyCanReadCountAsNone) {
  EXPECT_TRUE(opened()->commit({{"a", some_state()}}, {{{"a", gauges_text(metrics_)}}, {}}));
  for (const char* text : {"no JSON", "[[1,2,3]]", "{}", "[[\"remembered_ids\",\"\"]]"}) {
    execute("UPDATE gauges SET gauges = '" + std::string(text) + "'");
    EXPECT_THAT(opened()->reports()->at("a").gauges, IsEmpty()) << text;
    EXPECT_TRUE(opened()->pipeline("a")->has_value()) << text;
  }
}

TEST_F(StateReports, AnOlderStateIsTakenOverAsItIs) {
  make_old();
  {
    const auto store = opened();
    EXPECT_FALSE(store->first_run());
    EXPECT_EQ(*store->pipelines(), old_states_);
    EXPECT_THAT(*store->reports(), IsEmpty());
    const auto last = store->begin_run();
    ASSERT_TRUE(last);
    EXPECT_TRUE(last->clean_end);
    EXPECT_EQ(last->next_slots_ns, (std::map<std::string, int64_t>{{"key", 42}}));
    EXPECT_TRUE(store->commit({{"a", some_state()}}, {{{"a", gauges_text(metrics_)}}, {}}));
  }
  PipelineStates expected = old_states_;
  expected.at("b").ours_until = kNobodyKnows;  // without its lock it may be a copy
  EXPECT_EQ(*opened()->pipelines(), expected);
  EXPECT_EQ(opened()->reports()->at("a").gauges.size(), 4u);
}

TEST_F(StateReports, ALookLeavesAnOlderStateAsItIs) {
  make_old();
  const std::string before = test_support::read_file(path_);
  {
    const auto look = StateStore::open_to_look(path_);
    ASSERT_TRUE(look) << look.error().text;
    EXPECT_EQ(*(*look)->pipelines(), old_states_);
    EXPECT_THAT(*(*look)->reports(), IsEmpty());
  }
  EXPECT_EQ(test_support::read_file(path_), before);
}

TEST_F(StateReports, OneThatHasThemButCountsNoCommitsIsTakenOver) {
  make_old(2);
  {
    const auto look = StateStore::open_to_ask(path_);
    ASSERT_TRUE(look) << look.error().text;
    EXPECT_TRUE(*(*look)->may_be_older()) << "without its lock it may be a copy";
  }
  const auto store = opened();
  EXPECT_TRUE(store->begin_run());
  EXPECT_TRUE(store->commit({{"b", some_state()}}, {{{"b", gauges_text(metrics_)}}, {}}));
  EXPECT_EQ(store->pipelines()->at("b"), some_state());
  EXPECT_EQ(store->reports()->at("b").gauges.size(), 4u);
}

// The second of its tables is in the way.
TEST_F(StateReports, ATakeoverIsAllOrNothing) {
  make_old();
  execute("CREATE TABLE errors(x)");
  EXPECT_FALSE(StateStore::open(path_));
  execute("DROP TABLE errors");
  EXPECT_EQ(*opened()->pipelines(), old_states_) << "the first one would be in the way by now";
}

TEST(ToldPosition, IsMadeOfTheWellKnownGaugesAlone) {
  const ToldPosition told = position_of({
      measured("range_start_timestamp_seconds", "range=backfill", 1),
      measured("range_end_timestamp_seconds", "range=backfill", INT64_MAX),
      measured("range_start_timestamp_seconds", "", 1),
      measured("range_name_timestamp_seconds", "range=x", 1),
      measured("late_sweep_seconds", "", 1),
  });
  EXPECT_THAT(told.ranges, ElementsAre(TimeRange{"backfill", 1, std::nullopt, std::nullopt}));
  EXPECT_FALSE(told.late_sweep_s);
  EXPECT_FALSE(told.remembered_ids);
}

}  // namespace
}  // namespace host
