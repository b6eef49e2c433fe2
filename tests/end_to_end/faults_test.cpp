// Whatever Aikido answers, or does not: the right class, the right wait, and nothing lost.
#include <algorithm>

#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

namespace fault = fake_aikido::fault;

World& with_history(World& world) {
  world.settings["backfill_start_time"] = "-10d";
  world.add_history(400, 9 * kDay);
  return world;
}

constexpr int64_t kPace = 3'333'333'333;

struct Passing {
  const char* name;
  fake_aikido::Fault (*make)();
  const char* status;  // the class that is counted; empty when it is no failure
  const char* says;    // in the log
  int64_t wait_ns;     // before the next request, at least
};

// The answer that is spoilt is followed by the next request within its wait, a first back-off of 2
// s at most, and the pace's slot, which may be nearly one interval away.
void expect_waits(World& world, int64_t wait_ns) {
  const auto log = world.server().log().entries();
  for (size_t i = 0; i + 1 < log.size(); ++i) {
    if (!log[i].is_spoilt) continue;
    const int64_t waited_ns = log[i + 1].asked.time_ns - log[i].asked.time_ns;
    EXPECT_GE(waited_ns, wait_ns);
    EXPECT_LE(waited_ns, wait_ns + 2 * kSecond + kPace);
  }
}

void expect_told(const World& world, const Passing& fault) {
  const std::string log = world.log(), status = fault.status;
  EXPECT_EQ(log.find("erroring") != std::string::npos, !status.empty() && status != "rate_limited")
      << log;
  EXPECT_NE(log.find(fault.says), std::string::npos) << log;
  EXPECT_EQ(world.metric("failures_total"), status.empty() ? 0 : 1) << log;
  EXPECT_EQ(world.metric("failures_total", "class=" + status), status.empty() ? 0 : 1) << log;
}

class PassingFault : public testing::TestWithParam<Passing> {
 protected:
  // A fault that passes is waited out, even by a run that ends when it is caught up.
  void expect_passed(World& world, Kind kind, uint64_t untouched) {
    with_history(world);
    world.server().faults().push(GetParam().make().on(kind).after(untouched));
    ASSERT_EQ(world.run_once(), 0) << world.log();
    EXPECT_EQ(world.server().faults().pending(), 0U);
    EXPECT_TRUE(is_complete(world));
    expect_told(world, GetParam());
    expect_waits(world, GetParam().wait_ns);
  }
};

TEST_P(PassingFault, OfAPageIsWaitedOutAndLosesNothing) {
  World world;
  expect_passed(world, Kind::kPage, 4);
}

// Of the token endpoint: the very first request of all, and one amid a backfill.
class PassingTokenFault : public PassingFault {};

TEST_P(PassingTokenFault, OfTheFirstTokenIsWaitedOut) {
  World world;
  expect_passed(world, Kind::kToken, 0);
}

TEST_P(PassingTokenFault, OfALaterTokenLosesNothing) {
  fake_aikido::Switches switches;
  switches.token_life_s = 30;
  World world(switches);
  expect_passed(world, Kind::kToken, 1);
}

std::string fault_name(const testing::TestParamInfo<Passing>& fault) { return fault.param.name; }

// Whatever was asked for.
const auto kAnyAnswer = testing::Values(
    Passing{"Status408", [] { return fault::status(408); }, "transient", "answered 408", kPace},
    Passing{"Status500", [] { return fault::status(500); }, "transient", "answered 500", kPace},
    Passing{"Html503", [] { return fault::html(503); }, "transient", "answered 503", kPace},
    Passing{"Status429", [] { return fault::too_many_requests(45); }, "rate_limited",
            "answered 429", 45 * kSecond},
    Passing{"Reset", [] { return fault::reset(); }, "transient", "broke", kPace},
    Passing{"CutBody", [] { return fault::cut(10); }, "transient", "broke", kPace},
    Passing{"Hang", [] { return fault::hang(); }, "transient", "within 30 s", 30 * kSecond},
    Passing{"Drip", [] { return fault::drip(1, kSecond); }, "transient", "within 30 s",
            30 * kSecond},
    Passing{"EndlessHeaders", [] { return fault::endless_headers(); }, "protocol", "was refused",
            kPace},
    Passing{"GzipBomb", [] { return fault::gzip_bomb(size_t{80} << 20); }, "protocol",
            "was refused", kPace},
    Passing{"Redirect", [] { return fault::redirect("http://127.0.0.1:1/"); }, "protocol",
            "a redirect, which is not followed", kPace});

INSTANTIATE_TEST_SUITE_P(Answers, PassingFault, kAnyAnswer, fault_name);
INSTANTIATE_TEST_SUITE_P(Answers, PassingTokenFault, kAnyAnswer, fault_name);

INSTANTIATE_TEST_SUITE_P(
    Pages, PassingFault,
    testing::Values(
        Passing{"Status401", [] { return fault::status(401); }, "", "", kPace},
        Passing{"ObjectForArray", [] { return fault::object_in_place_of_array(); }, "protocol",
                "an object", kPace},
        Passing{"Html200", [] { return fault::html(200); }, "protocol", "a page of HTML", kPace},
        Passing{"InvalidJson", [] { return fault::invalid_json(); }, "protocol", "invalid data",
                kPace},
        Passing{"ResetInBody", [] { return fault::reset(100); }, "transient", "broke", kPace}),
    fault_name);

INSTANTIATE_TEST_SUITE_P(Tokens, PassingTokenFault,
                         testing::Values(Passing{"Html200", [] { return fault::html(200); },
                                                 "protocol", "not a JSON object", kPace},
                                         Passing{"NoToken", [] { return fault::body("{}"); },
                                                 "protocol", "no access_token", kPace}),
                         fault_name);

// What waiting does not mend of the token endpoint: the secret or the settings are wrong.
class FinalTokenStatus : public testing::TestWithParam<unsigned> {};

TEST_P(FinalTokenStatus, EndsARunWithOneAndLosesNothing) {
  fake_aikido::Switches switches;
  switches.token_life_s = 30;
  World world(switches);
  with_history(world);
  world.server().faults().push(fault::status(GetParam()).on(Kind::kToken).after(1).for_ever());
  EXPECT_EQ(world.run_once(), 1);
  EXPECT_EQ(world.server().log().count(Kind::kToken, GetParam()), 1U);
  world.server().faults().clear();
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

INSTANTIATE_TEST_SUITE_P(Codes, FinalTokenStatus, testing::Values(400U, 401U, 403U, 404U));

TEST(Fault, RetryAfterAsADateIsObeyed) {
  World world;
  with_history(world);
  world.server().faults().push(fault::too_many_until(world.now_s() + 120).on(Kind::kPage).after(4));
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  const auto log = world.server().log().entries();
  const auto refused =
      std::find_if(log.begin(), log.end(), [](const auto& entry) { return entry.status == 429; });
  ASSERT_NE(refused, log.end());
  EXPECT_GE((refused + 1)->asked.time_ns, (world.clock().kDefaultStart + 119 * kSecond));
}

TEST(Fault, OfASlowBodyBelowTheTimeoutIsNone) {
  World world;
  with_history(world);
  world.server().faults().push(fault::delay(20 * kSecond).on(Kind::kPage).after(2));
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_EQ(world.server().faults().pending(), 0U);
  EXPECT_EQ(world.log().find("erroring"), std::string::npos) << world.log();
  EXPECT_TRUE(is_complete(world));
}

TEST(Fault, OfARepeatedPageLosesNothing) {
  World world;
  with_history(world);
  world.server().faults().push(fault::repeated_page().on(Kind::kPage).after(4));
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_EQ(world.server().faults().pending(), 0U);
  EXPECT_TRUE(is_complete(world));
}

// Where deep pages of the backfill time out for good, live and late records come all the same.
TEST(Fault, OfDeepPagesHoldsUpNoLiveRecord) {
  World world;
  with_history(world);
  world.server().faults().push(
      fault::status(504).for_ever().on(Kind::kPage).when([](const fake_aikido::Asked& asked) {
        return asked.parameter("page") == "2";
      }));
  const int64_t begin_ns = world.clock().now_ns();
  for (int64_t minute = 60; minute < 180; ++minute) world.add_event(begin_ns + minute * kMinute);
  ASSERT_EQ(world.run_for(4 * kHour), 0) << world.log();
  int live = 0;
  for (const std::string& line : world.visible()) {
    const std::optional<int64_t> written = world.written_ns(line);
    if (!written || *written < begin_ns + 59 * kMinute) continue;
    ++live;
  }
  EXPECT_EQ(live, 120);
  EXPECT_NE(world.log().find("504"), std::string::npos);
  EXPECT_NE(world.statuses().at(0).notice.find("the backfill fails ("), std::string::npos);
  EXPECT_EQ(world.run_once(), 1) << "five failures in a row";
  EXPECT_NE(world.log().find("504"), std::string::npos);
  world.server().faults().clear();
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

class FinalStatus : public testing::TestWithParam<int> {};

// What waiting does not mend ends the run at once, and what was delivered stays.
TEST_P(FinalStatus, EndsARunWithOneAndLosesNothing) {
  World world;
  with_history(world);
  const auto code = static_cast<unsigned>(GetParam());
  world.server().faults().push(fault::status(code).on(Kind::kPage).after(4).for_ever());
  EXPECT_EQ(world.run_once(), 1);
  EXPECT_EQ(world.server().log().count(Kind::kPage, code), 1U);
  const std::string said = std::to_string(code) + ": ";
  EXPECT_NE(world.log().find(said), std::string::npos) << world.log();
  const std::string status = code == 403 ? "auth" : "config";
  EXPECT_EQ(world.metric("failures_total", "class=" + status), 1) << world.log();
  world.server().faults().clear();
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

INSTANTIATE_TEST_SUITE_P(Codes, FinalStatus, testing::Values(400, 403, 404, 422));

TEST(Fault, OfARefusedTokenIsRenewedOnceThenTold) {
  World world;
  with_history(world);
  world.server().faults().push(fault::status(401).on(Kind::kPage).for_ever());
  EXPECT_EQ(world.run_once(), 1);
  EXPECT_EQ(world.server().log().count(Kind::kPage), 2U);
  EXPECT_EQ(world.server().log().count(Kind::kToken), 2U);
}

// Though a new one is handed out each time: at once, and then every quarter of an hour.
TEST(Fault, OfEveryTokenStopsAndIsProbedSeldom) {
  World world;
  with_history(world);
  world.server().faults().push(fault::status(401).on(Kind::kPage).for_ever());
  ASSERT_EQ(world.run_for(14 * kMinute), 0) << world.log();
  EXPECT_EQ(world.server().log().count(Kind::kToken, 200), 2U);
  EXPECT_EQ(world.server().log().count(Kind::kPage, 401), 2U);
  ASSERT_EQ(world.statuses().at(0).health, host::PipelineHealth::kStopped);
  EXPECT_NE(world.statuses().at(0).reason.find("401"), std::string::npos)
      << world.statuses().at(0).reason;
  EXPECT_EQ(world.metric("failures_total", "class=auth"), 1);
  const size_t before = world.server().log().count();
  ASSERT_EQ(world.run_for(2 * kHour), 0) << world.log();
  EXPECT_EQ(world.metric("failures_total", "class=auth"), 8);
  EXPECT_EQ(world.server().log().count() - before, 8U * 4);
  EXPECT_EQ(world.server().log().count(), world.server().log().count(Kind::kToken) * 2);
  EXPECT_TRUE(world.lines().empty());
  world.server().faults().clear();
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

TEST(Fault, OfAWrongSecretIsTriedOnceAndSaysWhatToCheck) {
  World world;
  with_history(world);
  world.server().credentials().change("AIK_CLIENT_test",
                                      [](fake_aikido::Client& client) { client.secret = "other"; });
  const int64_t begin_ns = world.clock().now_ns();
  EXPECT_EQ(world.run_once(), 1);
  EXPECT_EQ(world.server().log().count(), 1U);
  EXPECT_LE(world.clock().now_ns() - begin_ns, 5 * kSecond);
  EXPECT_NE(world.log().find("client_secret"), std::string::npos) << world.log();
  EXPECT_EQ(world.log().find(kSecret), std::string::npos) << "the secret is in the log";
  EXPECT_EQ(world.run_once(), 1) << "which has to wait for the pace";
  EXPECT_EQ(world.log().find("running"), std::string::npos) << world.log();
}

TEST(Fault, OfATokenThatExpiresAmidABackfillCostsNothing) {
  fake_aikido::Switches switches;
  switches.token_life_s = 30;
  World world(switches);
  world.settings["backfill_start_time"] = "-10d";
  world.add_history(2000, 9 * kDay);
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  EXPECT_EQ(world.server().log().count(Kind::kPage, 401), 0U);
  EXPECT_GE(world.server().log().count(Kind::kToken), 4U);
}

}  // namespace
}  // namespace end_to_end
