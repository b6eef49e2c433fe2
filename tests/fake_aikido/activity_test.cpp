// Made activity looks real, and the same seed always makes the same.
#include "tests/fake_aikido/activity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/fake_aikido/clock.hpp"
#include "tests/fake_aikido/live_activity.hpp"

namespace fake_aikido {
namespace {

constexpr int64_t kBegin = 1'700'000'000;
constexpr int64_t kEnd = kBegin + 90 * 86'400;

std::vector<std::string> texts(const std::vector<Record>& records) {
  std::vector<std::string> all;
  for (const Record& record : records) all.push_back(record.text);
  return all;
}

TEST(Activity, IsTheSameForTheSameSeed) {
  const auto once = texts(make_activity(500, kBegin, kEnd, {.seed = 7, .shape = Shape::kMixed}));
  EXPECT_EQ(once, texts(make_activity(500, kBegin, kEnd, {.seed = 7, .shape = Shape::kMixed})));
  EXPECT_NE(once, texts(make_activity(500, kBegin, kEnd, {.seed = 8, .shape = Shape::kMixed})));
}

TEST(Activity, HasTheDocumentedShape) {
  for (const Record& record : make_activity(300, kBegin, kEnd)) {
    const auto json = nlohmann::json::parse(record.text);
    EXPECT_EQ(json["id"], record.number);
    EXPECT_EQ(json["timestamp"], record.time_s);
    EXPECT_EQ(json["action"], record.action);
    EXPECT_EQ(json["user_id"].is_null(), record.by_aikido);
    const auto& location = json["metadata"]["location"];
    EXPECT_EQ(location["code_repo_id"].is_null(), !record.repository_id);
    EXPECT_EQ(location["cloud_id"].is_null(), !record.cloud_id);
    EXPECT_TRUE(record.repository_id || record.cloud_id);
  }
}

TEST(Activity, HasTheShapeOfMonadsPage) {
  for (const Record& record : make_activity(300, kBegin, kBegin, {.shape = Shape::kMonad})) {
    const auto json = nlohmann::json::parse(record.text);
    EXPECT_EQ(json["id"], "activity_" + std::to_string(1'000'000'000 + record.number));
    EXPECT_EQ(json["timestamp"], "2023-11-14T22:13:20Z");
    EXPECT_EQ(json["status"], "success");
  }
}

TEST(Activity, MixesBothShapesEscapesTiesAndLateness) {
  const ActivityStyle style{.shape = Shape::kMixed, .late_fraction = 0.25};
  const auto records = make_activity(4000, kBegin, kEnd, style);
  std::set<std::string> ids;
  std::set<int64_t> times;
  int64_t late = 0;
  int64_t monad = 0;
  int64_t escaped = 0;
  for (const Record& record : records) {
    const auto json = nlohmann::json::parse(record.text);
    ids.insert(json["id"].dump());
    times.insert(record.time_s);
    monad += json["id"].is_string();
    escaped += record.text.find("\\ud83d\\udc4d") != std::string::npos;
    const int64_t lateness_ns = record.visible_ns - record.time_s * kSecond;
    EXPECT_TRUE(lateness_ns >= 0 && lateness_ns <= 3600 * kSecond);
    late += lateness_ns > 0;
    EXPECT_TRUE(record.time_s >= kBegin && record.time_s <= kEnd);
  }
  EXPECT_EQ(ids.size(), records.size());
  EXPECT_NEAR(static_cast<double>(times.size()), 3600, 100);
  EXPECT_NEAR(static_cast<double>(late), 1000, 150);
  EXPECT_NEAR(static_cast<double>(monad), 2000, 200);
  EXPECT_GT(escaped, 50);
}

TEST(LiveActivity, ComesAtItsPaceUntilItsEnd) {
  Organisation organisation;
  const int64_t begin_ns = kBegin * kSecond;
  LiveActivity live(organisation, {.late_fraction = 0.5, .latest_s = 3}, 120, begin_ns, kMinute);
  live.go_on(begin_ns);
  EXPECT_EQ(organisation.size(), 0u);
  live.go_on(begin_ns + 30 * kSecond + kSecond / 4);
  EXPECT_EQ(organisation.size(), 60u);
  // Nobody who looked before has missed one.
  EXPECT_EQ(organisation.visible(begin_ns + 30 * kSecond + kSecond / 4 - 1), 0u);
  live.go_on(begin_ns + kHour);
  EXPECT_EQ(organisation.size(), 120u);
  EXPECT_LT(organisation.visible(begin_ns + kHour), 120u);
  EXPECT_EQ(organisation.visible(begin_ns + kHour + 3 * kSecond), 120u);
}

}  // namespace
}  // namespace fake_aikido
