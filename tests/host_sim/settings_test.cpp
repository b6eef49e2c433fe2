#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host_sim/manifest_settings.hpp"
#include "host_sim/schema_check.hpp"
#include "host_sim/settings_reader.hpp"

namespace host {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

// The scalar of a one-line document.
json read(const std::string& yaml, const std::set<std::string>& types) {
  const auto tree = parse_yaml(yaml);
  return read_scalar(std::get<YamlNode>(tree), types);
}

TEST(Scalar, ForTextStaysAsWritten) {
  for (const char* written : {"00123", "123", "1.50", "true", "2024-01-15T00:00:00Z", "1e400",
                              "0x1F", "-24h", "yes", "+5", ".5", "18446744073709551616"})
    EXPECT_EQ(read(written, {"string"}), json(written)) << written;
}

TEST(Scalar, ForNumbersIsReadStrictly) {
  EXPECT_EQ(read("5", {"integer"}), json(5));
  EXPECT_EQ(read("-5", {"integer"}), json(-5));
  EXPECT_EQ(read("18446744073709551615", {"integer"}), json(18446744073709551615u));
  EXPECT_EQ(read("0.3", {"number"}), json(0.3));
  EXPECT_EQ(read("1", {"number"}), json(1));
  for (const char* no_number :
       {"00123", "+5", "0x1F", "1_000", "five", ".5", "1.", "NaN", "1e400", "'5'", "5 6"})
    EXPECT_EQ(read(no_number, {"number", "integer"}).type_name(), std::string("string"))
        << no_number;
  EXPECT_TRUE(read("1.0", {"integer"}).is_string());
  EXPECT_TRUE(read("18446744073709551616", {"integer"}).is_string());
}

TEST(Scalar, ForBooleansIsTrueOrFalseAndNothingElse) {
  EXPECT_EQ(read("true", {"boolean"}), json(true));
  EXPECT_EQ(read("false", {"boolean"}), json(false));
  for (const char* other : {"True", "TRUE", "yes", "on", "1", "'true'"})
    EXPECT_TRUE(read(other, {"boolean"}).is_string()) << other;
}

TEST(Scalar, ForTextOrNumberStaysTextWhereANumberWouldLoseSomething) {
  const std::set<std::string> either = {"string", "integer"};
  EXPECT_EQ(read("123", either), json(123));
  EXPECT_EQ(read("00123", either), json("00123"));
  EXPECT_EQ(read("-0", either), json("-0"));
  EXPECT_EQ(read("'123'", either), json("123"));
  EXPECT_EQ(read("18446744073709551616", either), json("18446744073709551616"));
  EXPECT_EQ(read("1.50", {"string", "number"}), json("1.50"));
  EXPECT_EQ(read("1.5", {"string", "number"}), json(1.5));
  EXPECT_EQ(read("true", either), json("true"));
}

TEST(Scalar, WhereAnythingGoesIsReadAsJsonWould) {
  EXPECT_EQ(read("5", {}), json(5));
  EXPECT_EQ(read("true", {}), json(true));
  EXPECT_EQ(read("text", {}), json("text"));
  EXPECT_EQ(read("007", {}), json("007"));
}

// What one settings map becomes, and what is said of it.
struct Read {
  Mistakes mistakes;
  ReadSettings settings;
  Read(const std::string& yaml, const json& schema) {
    const auto tree = parse_yaml(yaml);
    settings = read_settings(std::get<YamlNode>(tree), SettingsSchema(schema), "s", mistakes);
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    for (const Mistake& mistake : mistakes.sorted())
      result.push_back(std::to_string(mistake.place.line) + " " + mistake.key_path + ": " +
                       mistake.text);
    return result;
  }
};

const json kSchema = json::parse(R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "ids": {"type": "array", "items": {"type": ["string", "integer"]}},
    "limits": {"$ref": "#/definitions/limits"},
    "labels": {"type": "object", "additionalProperties": {"type": "string"}}
  },
  "definitions": {"limits": {"type": "object", "additionalProperties": false,
                             "properties": {"soft": {"type": "integer"}}}}
})");

TEST(Settings, AreReadByTheSchemaAtEveryDepth) {
  const Read read("ids: [007, 7]\nlimits: {soft: 3}\nlabels:\n  version: 1.10\n", kSchema);
  EXPECT_EQ(read.settings.values,
            json::parse(R"({"ids":["007",7],"limits":{"soft":3},"labels":{"version":"1.10"}})"));
  EXPECT_THAT(read.lines(), ElementsAre());
}

TEST(Settings, EveryValueHasItsLine) {
  const Read read("ids:\n  - a\n  - b\nlabels:\n  x: y\n", kSchema);
  const auto& places = read.settings.places;
  EXPECT_EQ(places.at("/ids").line, 1);
  EXPECT_EQ(places.at("/ids/1").line, 3);
  EXPECT_EQ(places.at("/labels/x").line, 5);
  EXPECT_EQ(setting_place(places, "/ids/1/deeper").line, 3);
  EXPECT_EQ(setting_place(places, "/ids/7").line, 1);
  EXPECT_EQ(setting_place(places, "no pointer").line, 0);
}

TEST(Settings, UnknownAndDuplicateKeysAreNamedAtEveryDepth) {
  const Read read("lables: {}\nlimits:\n  soft: 1\n  sofd: 2\n  soft: 3\n", kSchema);
  EXPECT_THAT(
      read.lines(),
      ElementsAre("1 s.lables: is not a setting; did you mean labels?",
                  "4 s.limits.sofd: is not a setting; did you mean soft?",
                  "5 s.limits.soft: is given twice, first at line 3; remove one of the two"));
  EXPECT_EQ(read.settings.values, json::parse(R"({"limits":{"soft":1}})"));
}

TEST(SettingPath, IsThatOfAPointer) {
  EXPECT_EQ(setting_path("s", ""), "s");
  EXPECT_EQ(setting_path("s", "/actions/0/x"), "s.actions[0].x");
  EXPECT_EQ(setting_path("s", "/a~1b"), "s.a/b");
  EXPECT_EQ(setting_path("s", "/bad~9"), "s");
}

TEST(SchemaCheck, NamesEachFaultOnceWithItsPointer) {
  const json schema = json::parse(R"({
    "type": "object", "required": ["a", "b"],
    "properties": {"list": {"type": "array", "minItems": 3, "items": {"type": "integer"}},
                   "map": {"additionalProperties": {"type": "string", "minLength": 2}}}})");
  const Result<SchemaCheck> check = SchemaCheck::make(schema);
  ASSERT_TRUE(check);
  const auto faults =
      check->check(json::parse(R"({"list": [1, "x"], "map": {"k/y": "", "n": 5}})"));
  ASSERT_TRUE(faults);
  std::vector<std::string> found;
  for (const SchemaFault& fault : *faults) found.push_back(fault.pointer + "|" + fault.missing);
  EXPECT_THAT(found, testing::UnorderedElementsAre("|a", "|b", "/list|", "/list/1|", "/map/k~1y|",
                                                   "/map/n|"));
}

TEST(SchemaCheck, AcceptsWhatTheSchemaAccepts) {
  const Result<SchemaCheck> check = SchemaCheck::make(kSchema);
  ASSERT_TRUE(check);
  EXPECT_TRUE(check->check(json::parse(R"({"ids":[1,"x"],"limits":{"soft":1}})"))->empty());
}

TEST(SchemaCheck, RefusesASchemaThatIsNone) {
  EXPECT_FALSE(SchemaCheck::make(json::parse(R"({"type": 7})")));
  EXPECT_FALSE(SchemaCheck::make(json::parse(R"({"$ref": "http://127.0.0.1:1/schema"})")));
  const json pattern = json::parse(R"({"properties": {"a": {"pattern": "("}}})");
  const Result<SchemaCheck> check = SchemaCheck::make(pattern);
  EXPECT_TRUE(!check || !check->check(json::parse(R"({"a": "x"})")));
}

TEST(SchemaCheck, APatternOnTheLongestTextThatAManifestMayHoldFitsTheStack) {
  const json schema = json::parse(R"({"properties": {"a": {"pattern": "^(a|b|c)*$"}}})");
  const Result<SchemaCheck> check = SchemaCheck::make(schema);
  ASSERT_TRUE(check);
  EXPECT_TRUE(check->check({{"a", std::string(kMostScalarBytes, 'b')}})->empty());
}

TEST(Demand, TellsWhatShouldStandThere) {
  const auto demand = [](const char* schema) {
    const json parsed = json::parse(schema);
    return SettingsSchema(parsed).demand();
  };
  EXPECT_EQ(demand(R"({"type":"string","description":"who asks"})"), "must be text (who asks)");
  EXPECT_EQ(demand(R"({"enum":["eu","us"]})"), "must be one of eu, us");
  EXPECT_EQ(demand(R"({"type":"number","exclusiveMinimum":0,"maximum":10})"),
            "must be a number, above 0, at most 10");
  EXPECT_EQ(demand(R"({"type":["string","integer"]})"), "must be a whole number or text");
  EXPECT_EQ(demand(R"({"type":"string","pattern":"^a$"})"), "must be text, of the form ^a$");
  EXPECT_EQ(demand(R"({"anyOf":[{"type":"integer"},{"type":"boolean"}]})"),
            "must be true or false or a whole number");
  EXPECT_EQ(demand(R"({"type":"string","minLength":2,"maxLength":5})"),
            "must be text, at least 2 long, at most 5 long");
  EXPECT_EQ(demand(R"({"type":"array","minItems":1,"uniqueItems":true})"),
            "must be a list, with at least 1 in it, none twice");
  EXPECT_EQ(demand(R"({"$ref":"#"})"), "");
  EXPECT_EQ(demand(R"({})"), "");
}

}  // namespace
}  // namespace host
