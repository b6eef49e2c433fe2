// The history of a world where all laws held, for a test to doctor against one of them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/simulation/laws.hpp"
#include "tests/simulation/world.hpp"

namespace simulation {

// A day with a record each few minutes, half of them late, and a backfill.
inline Plan quiet_plan() {
  Plan plan;
  plan.seed = 7;
  plan.span_ns = kDay;
  plan.switches.next_page_header = true;
  plan.settings.poll_ns = 5 * kMinute;
  plan.settings.late_check_ns = 10 * kMinute;
  plan.settings.window_ns = 90 * kMinute;
  plan.settings.request_interval_ns = 3'333'333'334;
  plan.settings.timeout_ns = 30 * kSecond;
  plan.settings.backfill_ns = kDay;
  plan.settings.yaml = {{"poll_interval", "300s"}, {"backfill_start_time", "-24h"}};
  plan.activity.streams = {{0, kDay, 300, 0}, {-2 * kDay, 0, 200, 0}};
  plan.activity.late = 0.5;
  plan.activity.latest_s = 3'600;
  return plan;
}

inline History lived(const Plan& plan) { return World(plan, {}).live(); }

inline const History& quiet() {
  static const History history = lived(quiet_plan());
  return history;
}

class DoctoredHistory : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(check_all(history_), std::nullopt) << *check_all(history_);
    ASSERT_GT(history_.lines.size(), 350U);
  }
  // It is broken now, and nothing but this law says so first.
  void expect(Breach (*law)(const History&), const std::string& says) {
    const Breach breach = law(history_);
    ASSERT_TRUE(breach) << "nothing was noticed";
    EXPECT_NE(breach->find(says), std::string::npos) << *breach;
    EXPECT_NE(check_all(history_), std::nullopt);
  }

  History history_ = quiet();
};

}  // namespace simulation
