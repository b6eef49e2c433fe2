#include "plugins/aikido_activity_log/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plugins/aikido_activity_log/settings_values.hpp"

namespace aikido {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Settings read(json settings) {
  if (!settings.contains("client_id")) settings["client_id"] = "AIK_CLIENT_x";
  Result<Settings> read = read_settings(settings.dump(), false);
  EXPECT_TRUE(read) << (read ? "" : read.error().text);
  return read ? *read : Settings{};
}

// The mistakes in one more setting beside a good client id.
std::string mistakes(json settings) {
  if (!settings.contains("client_id")) settings["client_id"] = "AIK_CLIENT_x";
  const Result<Settings> read = read_settings(settings.dump(), false);
  if (read) return "none";
  EXPECT_EQ(read.error().status, Status::kConfig);
  return read.error().text;
}

TEST(Settings, DefaultsAreThePromisedOnes) {
  const Settings settings = read(json::object());
  EXPECT_EQ(settings.host_root, "https://app.aikido.dev");
  EXPECT_EQ(settings.request_timeout_ns, 30 * kNsPerSecond);
  EXPECT_EQ(settings.collector.poll_interval_ns, 60 * kNsPerSecond);
  EXPECT_EQ(settings.collector.late_arrival_window_ns, 5400 * kNsPerSecond);
  EXPECT_EQ(settings.collector.late_check_interval_ns, 600 * kNsPerSecond);
  EXPECT_EQ(settings.collector.request_interval_ns, 3'333'333'334);
  EXPECT_EQ(settings.collector.client_id, "AIK_CLIENT_x");
  EXPECT_EQ(settings.collector.backfill_start_text, "");
  EXPECT_FALSE(settings.filters.any());
  EXPECT_EQ(settings.pace_key(), "https://app.aikido.dev AIK_CLIENT_x");
}

TEST(Settings, ARegionIsAHost) {
  EXPECT_EQ(read({{"region", "eu"}}).host_root, "https://app.aikido.dev");
  EXPECT_EQ(read({{"region", "us"}}).host_root, "https://app.us.aikido.dev");
  EXPECT_EQ(read({{"region", "me"}}).host_root, "https://app.me.aikido.dev");
  EXPECT_EQ(read({{"region", "au"}}).host_root, "https://app.au.aikido.dev");
}

TEST(Settings, ABaseUrlIsMadeCanonical) {
  const auto root = [](const char* url) { return read({{"base_url", url}}).host_root; };
  EXPECT_EQ(root("https://App.Aikido.DEV/"), "https://app.aikido.dev");
  EXPECT_EQ(root("https://app.aikido.dev:443"), "https://app.aikido.dev");
  EXPECT_EQ(root("https://app.aikido.dev:8443/"), "https://app.aikido.dev:8443");
  EXPECT_EQ(root("http://127.0.0.1:8377"), "http://127.0.0.1:8377");
  EXPECT_EQ(root("http://127.8.9.10:80/"), "http://127.8.9.10");
  EXPECT_EQ(root("http://localhost:1"), "http://localhost:1");
  EXPECT_EQ(root("http://[::1]:8377"), "http://[::1]:8377");
}

TEST(Settings, PlainHttpLeavesTheMachineNever) {
  for (const char* url : {"http://app.aikido.dev", "http://128.0.0.1", "http://127.0.0.1.evil.com",
                          "http://[::2]", "http://localhost.evil.com", "http://10.0.0.1",
                          "http://127.0.0.1@evil.com", "http://0x7f.evil"})
    EXPECT_THAT(mistakes({{"base_url", url}}), HasSubstr("/base_url: ")) << url;
}

TEST(Settings, ABaseUrlIsARootAlone) {
  for (const char* url :
       {"https://a%ffb", "app.aikido.dev", "ftp://app.aikido.dev", "https://app.aikido.dev/api",
        "https://", "https://app.aikido.dev/?a=b", "https://app.aikido.dev/#x",
        "https://me:pw@app.aikido.dev", "https://app.aikido dev", "https://app.aikido.dev\n",
        "file:///etc/passwd"})
    EXPECT_THAT(mistakes({{"base_url", url}}), testing::StartsWith("/base_url: ")) << url;
}

TEST(Settings, IdsAreTextOrNumberAndSentCanonically) {
  EXPECT_EQ(read({{"repository_id", 123}}).filters.repository_id, "123");
  EXPECT_EQ(read({{"repository_id", "00123"}}).filters.repository_id, "123");
  EXPECT_EQ(read({{"cloud_id", "9223372036854775807"}}).filters.cloud_id, "9223372036854775807");
  for (const json& id : {json("12a"), json("-1"), json(-1), json(0), json(""), json(" 1"),
                         json("9223372036854775808"), json(1.5), json(true), json(nullptr)})
    EXPECT_THAT(mistakes({{"cloud_id", id}}), testing::StartsWith("/cloud_id: ")) << id;
}

TEST(Settings, BackfillStartsAreDatesTimesOrSpans) {
  const auto start = [](const char* text) {
    return read({{"backfill_start_time", text}}).collector;
  };
  EXPECT_EQ(start("2024-01-15").backfill_start_ns, 1'705'276'800 * kNsPerSecond);
  EXPECT_EQ(start("2024-01-15T10:00:00Z").backfill_start_ns, 1'705'312'800 * kNsPerSecond);
  EXPECT_EQ(start("2024-01-15T12:00:00+02:00").backfill_start_ns, 1'705'312'800 * kNsPerSecond);
  EXPECT_EQ(start("2024-01-15T07:30:00-02:30").backfill_start_ns, 1'705'312'800 * kNsPerSecond);
  EXPECT_EQ(start("2024-01-15T10:00:00.25Z").backfill_start_ns,
            1'705'312'800 * kNsPerSecond + 250'000'000);
  EXPECT_FALSE(start("2024-01-15").backfill_start_relative);
  EXPECT_EQ(start("2024-01-15").backfill_start_text, "2024-01-15");
  EXPECT_TRUE(start("-24h").backfill_start_relative);
  EXPECT_EQ(start("-24h").backfill_start_ns, 86'400 * kNsPerSecond);
}

TEST(Settings, OtherBackfillStartsAreMistakes) {
  for (const char* text :
       {"yesterday", "2024-02-30", "2024-01-15T10:00:00", "2024-01-15 10:00:00Z", "24h", "-", "-h",
        "1969-12-31", "2200-01-01", "-024-01-15T10:00:00Z", "2024-01-15T25:00:00Z", "1705312800",
        "2024-01-15T10:00:00Zx", "20240115", "-999999999999999999999d", "--5h",
        "2023-02-15T00:00:405-.+02:00", "2024-01-15T10:00:00.Z", "2024-01-15T10:00:00+0200"})
    EXPECT_THAT(mistakes({{"backfill_start_time", text}}),
                testing::StartsWith("/backfill_start_time: "))
        << text;
}

TEST(Settings, DurationsHaveAUnitAndARange) {
  EXPECT_EQ(read({{"poll_interval", "90m"}}).collector.poll_interval_ns, 5400 * kNsPerSecond);
  EXPECT_EQ(read({{"late_arrival_window", "1d"}}).collector.late_arrival_window_ns,
            86'400 * kNsPerSecond);
  for (const json& text : {json("60"), json("s"), json("1.5h"), json("0s"), json("2d"), json("-1s"),
                           json("60 s"), json("1w"), json(60), json("99999999999999999999s")})
    EXPECT_THAT(mistakes({{"poll_interval", text}}), testing::StartsWith("/poll_interval: "))
        << text;
}

TEST(Settings, ThePaceIsAPositiveNumber) {
  EXPECT_EQ(read({{"requests_per_second", 40}}).collector.request_interval_ns, 25'000'000);
  for (const json& pace : {json(0), json(-1), json("0.3"), json(1e9), json(1e-9)})
    EXPECT_THAT(mistakes({{"requests_per_second", pace}}),
                testing::StartsWith("/requests_per_second: "))
        << pace;
}

TEST(Settings, AClientIdHasNoWhiteSpaceOrColon) {
  for (const char* id : {" AIK_CLIENT_x", "AIK_CLIENT_x\n", "AIK CLIENT", "a:b", "\x7f", "\u00e4"})
    for (const char* key : {"client_id", "replaces_client_id"})
      EXPECT_THAT(mistakes({{key, id}}), testing::StartsWith(std::string("/") + key + ": ")) << id;
  EXPECT_THAT(mistakes({{"replaces_client_id", "AIK_CLIENT_x"}}), HasSubstr("client_id itself"));
}

TEST(Settings, ASecretInTheClientIdsPlaceIsRefusedAndNotShown) {
  for (const char* key : {"client_id", "replaces_client_id"}) {
    const std::string text = mistakes({{key, "AIK_SECRET_canary"}});
    EXPECT_THAT(text, testing::StartsWith(std::string("/") + key + ": is a secret"));
    EXPECT_THAT(text, testing::Not(HasSubstr("canary")));
  }
}

TEST(Settings, RegionAndBaseUrlContradictEachOther) {
  EXPECT_THAT(mistakes({{"region", "us"}, {"base_url", "https://app.aikido.dev"}}),
              HasSubstr("/base_url: contradicts region"));
}

TEST(Settings, AllMistakesAreNamedAtOnceOneLineEach) {
  const json settings = {{"client_id", 5},
                         {"region", "mars"},
                         {"base_url", "x"},
                         {"repository_id", "a"},
                         {"cloud_id", json::array()},
                         {"user_type", "robots"},
                         {"actions", {"ok", "not ok", 3}},
                         {"search", ""},
                         {"backfill_start_time", "soon"},
                         {"poll_interval", "1"},
                         {"late_arrival_window", "1"},
                         {"late_check_interval", "1"},
                         {"requests_per_second", 0},
                         {"request_timeout", "1"},
                         {"replaces_client_id", "a b"},
                         {"a/b~c\n", 1}};
  const std::string text = mistakes(settings);
  for (const char* pointer :
       {"/client_id", "/region", "/base_url", "/repository_id", "/cloud_id", "/user_type",
        "/actions/1", "/actions/2", "/search", "/backfill_start_time", "/poll_interval",
        "/late_arrival_window", "/late_check_interval", "/requests_per_second", "/request_timeout",
        "/replaces_client_id", "/a~1b~0c "})
    EXPECT_THAT("\n" + text, HasSubstr("\n" + std::string(pointer) + ": ")) << text;
}

TEST(Settings, WhatIsNoObjectIsOneMistake) {
  for (const char* text : {"", "[]", "1", "{", "null", "{\"client_id\":}"}) {
    const Result<Settings> read = read_settings(text, false);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().status, Status::kConfig);
    EXPECT_THAT(read.error().text, testing::StartsWith(": ")) << "the root's pointer is empty";
  }
  EXPECT_THAT(read_settings("{}", false).error().text, HasSubstr("/client_id: is missing"));
}

TEST(Settings, AnIdentityTellsFiltersApartAndForgivesTheirSpelling) {
  const auto identity = [](const json& settings) { return read(settings).collector.identity; };
  const std::string none = identity(json::object());
  EXPECT_EQ(identity({{"base_url", "https://APP.aikido.dev:443/"}}), none);
  EXPECT_EQ(identity({{"user_type", "all"}}), none);
  EXPECT_EQ(identity({{"actions", {"a", "b", "a"}}}), identity({{"actions", {"b", "a"}}}));
  EXPECT_EQ(identity({{"repository_id", "007"}}), identity({{"repository_id", 7}}));
  EXPECT_EQ(identity({{"client_id", "another"}, {"poll_interval", "5s"}}), none);
  const std::vector<json> different = {
      {{"region", "us"}},          {{"repository_id", 7}},       {{"cloud_id", 7}},
      {{"search", "7"}},           {{"user_type", "user_only"}}, {{"actions", {"a"}}},
      {{"search", "\ncloud_id=7"}}};
  std::set<std::string> seen = {none};
  for (const json& settings : different)
    EXPECT_TRUE(seen.insert(identity(settings)).second) << settings;
}

TEST(Settings, ABeginningInTheFutureIsAMistake) {
  const auto mistakes_at = [](const char* now, const char* start) {
    const std::string text = json{{"client_id", "x"}, {"backfill_start_time", start}}.dump();
    const Result<Settings> read = read_settings(text, false, parse_backfill_start(now)->ns);
    return read ? "" : read.error().text;
  };
  EXPECT_EQ(mistakes_at("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), "");
  EXPECT_EQ(mistakes_at("2026-01-01T00:00:00Z", "-1d"), "");
  EXPECT_THAT(mistakes_at("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
              HasSubstr("/backfill_start_time: lies in the future; write a time before now"));
}

TEST(Settings, RunOnceIsTheHostsToSay) {
  EXPECT_TRUE(read_settings(R"({"client_id":"x"})", true)->collector.run_once);
  EXPECT_FALSE(read_settings(R"({"client_id":"x"})", false)->collector.run_once);
}

TEST(Settings, TextsAndListsHaveCaps) {
  EXPECT_EQ(read({{"search", std::string(1024, 'x')}}).filters.search.size(), 1024u);
  EXPECT_EQ(mistakes({{"search", std::string(1025, 'x')}}),
            "/search: is too long; write at most 1024 bytes");
  json actions = json::array();
  for (int i = 0; i < 64; ++i) actions.push_back("a" + std::to_string(i));
  EXPECT_EQ(read({{"actions", actions}}).filters.actions.size(), 64u);
  actions.push_back("one_too_many");
  EXPECT_THAT(mistakes({{"actions", actions}}), HasSubstr("not a list of 1 to 64 actions"));
  EXPECT_EQ(read({{"actions", {std::string(64, 'a')}}}).filters.actions.size(), 1u);
  EXPECT_THAT(mistakes({{"actions", {std::string(65, 'a')}}}), HasSubstr("is not an action"));
}

}  // namespace
}  // namespace aikido
