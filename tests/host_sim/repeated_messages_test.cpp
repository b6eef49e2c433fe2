#include "host_sim/repeated_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host_sim/wording.hpp"

namespace host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kMinuteNs = 60 * kNsPerSecond;

TEST(RepeatedMessages, ATroubleIsToldAtOnceThenCountedThenOver) {
  RepeatedMessages messages;
  EXPECT_EQ(messages.came("down", "down; trying again in 1 s", 0), "down; trying again in 1 s");
  std::vector<std::string> told;
  for (int64_t at = kMinuteNs; at <= 35 * kMinuteNs; at += kMinuteNs)
    if (auto text = messages.came("down", "down; next", at)) told.push_back(*text);
  EXPECT_THAT(told, ElementsAre("down; next (10 times in the last 10 min)",
                                "down; next (10 times in the last 10 min)",
                                "down; next (10 times in the last 10 min)"));
  EXPECT_THAT(messages.over(36 * kMinuteNs), ElementsAre("over after 36 min, 36 times: down"));
  EXPECT_THAT(messages.over(37 * kMinuteNs), IsEmpty());
}

TEST(RepeatedMessages, OnceIsNoNumberOfTimes) {
  RepeatedMessages messages;
  EXPECT_TRUE(messages.came("down", "down", 0));
  EXPECT_THAT(messages.over(5 * kNsPerSecond), ElementsAre("over after 5 s: down"));
  EXPECT_TRUE(messages.came("slow", "slow", 0));
  EXPECT_EQ(messages.came("slow", "slow", 10 * kMinuteNs), "slow (1 time in the last 10 min)");
}

TEST(RepeatedMessages, NumbersMakeNoOtherTrouble) {
  RepeatedMessages messages;
  EXPECT_TRUE(messages.came("failed 3 times, request 4f2e-77b1", "x", 0));
  EXPECT_FALSE(messages.came("failed 12 times, request a1-9c", "x", kNsPerSecond));
  EXPECT_TRUE(messages.came("refused 3 times, request 4f2e-77b1", "y", kNsPerSecond));
}

TEST(RepeatedMessages, NeitherDoWordsThatAreQuoted) {
  RepeatedMessages messages;
  EXPECT_TRUE(messages.came("answered 503: \"down, see kqzx\"; wait", "x", 0));
  EXPECT_FALSE(messages.came("answered 502: \"down, see bvwp\"; wait", "x", kNsPerSecond));
  EXPECT_FALSE(messages.came("answered 503: \"\"; wait", "x", kNsPerSecond));
  EXPECT_TRUE(messages.came("refused 401: \"down, see bvwp\"; wait", "y", kNsPerSecond));
  EXPECT_TRUE(messages.came("cut off: \"down, see", "y", kNsPerSecond));
  EXPECT_FALSE(messages.came("cut off: \"down, at", "y", kNsPerSecond));
}

TEST(RepeatedMessages, TheSameInOtherWordsIsNoNews) {
  RepeatedMessages messages;
  const std::string trouble = "the service answered 503";
  EXPECT_TRUE(messages.came(trouble, trouble, 0));
  EXPECT_FALSE(messages.came("the backfill fails: " + trouble, "x", kNsPerSecond));
  EXPECT_THAT(messages.over(5 * kNsPerSecond), ElementsAre("over after 5 s: " + trouble));
  EXPECT_EQ(messages.came("the backfill fails: " + trouble, "x", 6 * kNsPerSecond), "x");
  EXPECT_FALSE(messages.came("the backfill fails: " + trouble, "x", 7 * kNsPerSecond));
  EXPECT_TRUE(messages.came("what came before: no route to the host", "x", 0));
  EXPECT_FALSE(messages.came("no route to the host", "x", 0));
  EXPECT_TRUE(messages.came("no route", "x", 0)) << "so short a part proves nothing";
}

TEST(RepeatedMessages, WhatComesAndGoesIsCountedOnAndOverOnceItStaysAway) {
  RepeatedMessages messages;
  EXPECT_TRUE(messages.came("down", "down", 0));
  EXPECT_THAT(messages.over(kNsPerSecond), ElementsAre("over after 1 s: down"));
  EXPECT_EQ(messages.came("down", "down once more", kMinuteNs), "down once more");
  EXPECT_THAT(messages.over(kMinuteNs + kNsPerSecond), IsEmpty());
  int told = 0;
  for (int64_t at = 2 * kMinuteNs; at < 10 * kMinuteNs; at += kMinuteNs) {
    told += messages.came("down", "down", at).has_value();
    told += static_cast<int>(messages.over(at + kNsPerSecond).size());
    EXPECT_TRUE(messages.is_open());
  }
  EXPECT_EQ(told, 0);
  EXPECT_EQ(messages.came("down", "down", 10 * kMinuteNs), "down (10 times in the last 10 min)");
  EXPECT_THAT(messages.over(19 * kMinuteNs), IsEmpty());
  EXPECT_THAT(messages.over(20 * kMinuteNs), ElementsAre("over after 10 min, 11 times: down"));
  EXPECT_FALSE(messages.is_open());
  EXPECT_EQ(messages.came("down", "down", 60 * kMinuteNs), "down") << "another one, after a while";
}

TEST(RepeatedMessages, OfManyTheOldestIsForgotten) {
  RepeatedMessages messages;
  const auto name = [](size_t i) {
    return std::string{static_cast<char>('a' + i / 676), static_cast<char>('a' + i / 26 % 26),
                       static_cast<char>('a' + i % 26)};
  };
  for (size_t i = 0; i < 1000; ++i)
    EXPECT_TRUE(messages.came(name(i), "t", static_cast<int64_t>(i)));
  EXPECT_FALSE(messages.came(name(999), "t", 1001));
  EXPECT_TRUE(messages.came(name(0), "t", 1002));
  EXPECT_EQ(messages.over(2000).size(), RepeatedMessages::kMostKnown);
}

TEST(Wording, CountsAndTimesHaveOneForm) {
  EXPECT_EQ(counted(1, "record"), "1 record");
  EXPECT_EQ(counted(0, "record"), "0 records");
  EXPECT_EQ(duration_text(-5), "0 s");
  EXPECT_EQ(duration_text(119 * kNsPerSecond), "119 s");
  EXPECT_EQ(duration_text(125 * kNsPerSecond), "2 min 5 s");
  EXPECT_EQ(duration_text(119 * kMinuteNs), "119 min");
  EXPECT_EQ(duration_text(130 * kMinuteNs), "2 h 10 min");
  EXPECT_EQ(duration_text(76 * 60 * kMinuteNs), "3 d 4 h");
  EXPECT_EQ(time_text(int64_t{1'705'276'800} * kNsPerSecond + 5), "2024-01-15T00:00:00Z");
}

}  // namespace
}  // namespace host
