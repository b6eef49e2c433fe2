// What goes to another machine comes back as it was, and what no host would write is refused.
#include "host_sim/state_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/host_sim/some_state.hpp"

namespace host {
namespace {

using test::some_state;
using testing::HasSubstr;

TEST(StateExport, ComesBackAsItWas) {
  const PipelineStates states{{"a", some_state()}, {"b", PipelineState{.plugin = "p"}}};
  auto back = states_from_json(to_json(states).dump());
  ASSERT_TRUE(back) << back.error().text;
  for (auto& [name, state] : *back)
    EXPECT_EQ(std::exchange(state.ours_until, kAllIsOurs), kNobodyKnows)
        << "the file may have grown";
  EXPECT_EQ(*back, states);
  for (const char* wrong :
       {"", "[]", "{}", R"({"version":2,"pipelines":{}})", R"({"version":1,"pipelines":{"a":{}}})"})
    EXPECT_FALSE(states_from_json(wrong)) << wrong;
}

TEST(StateExport, ACheckpointMayHave4MiBAndNoMore) {
  PipelineState state = some_state();
  state.checkpoint.assign(size_t{4} << 20, '\xff');
  const auto full = states_from_json(to_json({{"a", state}}).dump());
  ASSERT_TRUE(full) << full.error().text;
  EXPECT_EQ(full->at("a").checkpoint, state.checkpoint);
  state.checkpoint += 'x';
  const auto over = states_from_json(to_json({{"a", state}}).dump());
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().status, Status::kCheckpoint);
  EXPECT_THAT(over.error().text, testing::HasSubstr("a checkpoint has over 4 MiB"));
}

TEST(StateExport, WhatIsNoneIsToldInPlainWords) {
  const std::pair<const char*, const char*> none[] = {
      {"", "for nothing came; give FILE as `state export MANIFEST > FILE` has written it"},
      {"{]", "for it is no JSON from byte 2 on; "},
      {"[]", "for it is JSON of another form, or something in it was changed; "},
      {"{}", "for something is missing in it; "},
      {R"({"version":2,"pipelines":{}})", "for it is of another version; "}};
  for (const auto& [text, why] : none) {
    const auto states = states_from_json(text);
    ASSERT_FALSE(states) << text;
    EXPECT_THAT(states.error().text, HasSubstr(why));
    EXPECT_THAT(states.error().text, testing::StartsWith("this is no export of a state, "));
  }
}

// An export may have passed through anybody's hands.
TEST(StateExport, WhatNoHostWouldWriteIsRefused) {
  const nlohmann::json good = to_json(PipelineStates{{"a", some_state()}});
  ASSERT_TRUE(states_from_json(good.dump()));
  const auto expect_refused = [](const nlohmann::json& wrong, const std::string& why) {
    const auto states = states_from_json(wrong.dump());
    ASSERT_FALSE(states) << wrong;
    EXPECT_EQ(states.error().status, Status::kCheckpoint);
    EXPECT_THAT(states.error().text, HasSubstr(why));
    EXPECT_EQ(states.error().text.find('\x1b'), std::string::npos);
  };
  for (const char* key : {"records", "updated_ns", "output/position", "output/born_ns",
                          "output/device", "output/inode"})
    for (const char* value : {"-5", "99999999999999999999", "1.5", "\"1\"", "null"}) {
      nlohmann::json wrong = good;
      const std::string pointer = "/pipelines/a/" + std::string(key);
      wrong[nlohmann::json::json_pointer(pointer)] = nlohmann::json::parse(value);
      expect_refused(wrong, "is no number of at least 0");
    }
  for (const char* key : {"plugin", "output/path", "output/kind"}) {
    nlohmann::json wrong = good;
    wrong[nlohmann::json::json_pointer("/pipelines/a/" + std::string(key))] = "p\x1b[2J";
    expect_refused(wrong, "is no plain text");
  }
  nlohmann::json anew = good;
  anew["pipelines"]["a"]["checkpoint"] = "";
  expect_refused(anew, "records are counted, and the checkpoint behind them is empty");
  nlohmann::json device = good;
  device["pipelines"]["a"]["output"]["kind"] = "device";
  expect_refused(device, "kind is not known");
  for (const char* name : {"", "a\x1b[2J", "a b", "../a"}) {
    nlohmann::json wrong = good;
    wrong["pipelines"][name] = good["pipelines"]["a"];
    expect_refused(wrong, "\" cannot be the name of a pipeline; give FILE as `state export");
  }
}

}  // namespace
}  // namespace host
