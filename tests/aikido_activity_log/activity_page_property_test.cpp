// The page's grammar against an independent judge: nlohmann's accept.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "plugins/aikido_activity_log/activity_page.hpp"

namespace aikido {
namespace {

using nlohmann::json;

const std::vector<std::string> kTokens = {"{",
                                          "}",
                                          "[",
                                          "]",
                                          ",",
                                          ":",
                                          " ",
                                          "\n",
                                          "\"",
                                          "\\",
                                          "true",
                                          "false",
                                          "null",
                                          "0",
                                          "1",
                                          "-",
                                          "1e400",
                                          "0.5",
                                          "00",
                                          "\"id\"",
                                          "\"timestamp\"",
                                          "\"\\ud800\"",
                                          "\"a\"",
                                          "\"\\u12\"",
                                          "123456789012345678901",
                                          "\t",
                                          "\x01",
                                          "\xc3\xa4",
                                          "\xff",
                                          "\"x\":1",
                                          "{}",
                                          "[]",
                                          "\"\":\"\"",
                                          "tru",
                                          "1.",
                                          "e5"};

rc::Gen<std::string> token() { return rc::gen::elementOf(kTokens); }

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += part;
  return text;
}

rc::Gen<std::string> some_value(int depth);

rc::Gen<std::string> some_text() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
          std::vector<std::string>{"a", "b c", "\\\"", "\\\\", "\\n", "\\u0041", "\\ud83d\\ude00",
                                   "\\udead", "\xc3\xa4", "{", "]", ",", ":", "12345678"})),
      [](const std::vector<std::string>& parts) { return '"' + joined(parts) + '"'; });
}

rc::Gen<std::string> list(rc::Gen<std::string> item, std::string open, std::string close) {
  return rc::gen::apply(
      [=](const std::vector<std::string>& items, const std::string& space) {
        std::string text = open + space;
        for (size_t i = 0; i < items.size(); ++i) text += (i ? space + "," : "") + items[i] + space;
        return text + close;
      },
      rc::gen::resize(5, rc::gen::container<std::vector<std::string>>(std::move(item))),
      rc::gen::element<std::string>("", "", " ", "\n  "));
}

rc::Gen<std::string> some_object(int depth) {
  const auto key = rc::gen::oneOf(
      some_text(), rc::gen::element<std::string>("\"id\"", "\"timestamp\"", "\"action\""));
  return list(rc::gen::apply([](const std::string& name,
                                const std::string& value) { return name + ":" + value; },
                             key, some_value(depth - 1)),
              "{", "}");
}

rc::Gen<std::string> some_value(int depth) {
  const auto scalar = rc::gen::oneOf(
      some_text(), rc::gen::element<std::string>("null", "true", "1731681045", "-0.5e+7", "0", "-1",
                                                 "123456789012345678901234567890"));
  if (depth <= 0) return scalar;
  return rc::gen::oneOf(scalar, list(some_value(depth - 1), "[", "]"), some_object(depth));
}

rc::Gen<std::string> some_page() { return list(some_object(3), "[", "]"); }

// Follows the events of a text: is it an array of objects? Overflows are no verdict, since numbers
// beyond a double's range are valid JSON.
struct Judge : nlohmann::json_sax<json> {
  bool element(bool is_object) {
    objects &= depth == 1 ? is_object : depth > 1;
    return true;
  }
  bool null() override { return element(false); }
  bool boolean(bool) override { return element(false); }
  bool number_integer(number_integer_t) override { return element(false); }
  bool number_unsigned(number_unsigned_t) override { return element(false); }
  bool number_float(number_float_t, const string_t&) override { return element(false); }
  bool string(string_t&) override { return element(false); }
  bool binary(binary_t&) override { return element(false); }
  bool start_object(size_t) override { return element(true) && ++depth; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return --depth, true; }
  bool start_array(size_t) override { return (depth == 0 || element(false)) && ++depth; }
  bool end_array() override { return --depth, true; }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& error) override {
    overflow = error.id == 406;
    return false;
  }

  int depth = 0;
  bool objects = true;
  bool overflow = false;
};

// The grammar allows escapes of lone surrogates, nlohmann does not: they become another character.
std::string without_surrogates(std::string text) {
  for (size_t at = text.find("\\u"); at != std::string::npos; at = text.find("\\u", at + 1))
    if (at + 2 < text.size() && (text[at + 2] | 0x20) == 'd') text[at + 2] = '0';
  return text;
}

std::optional<bool> is_array_of_objects(const std::string& original) {
  const std::string text = without_surrogates(original);
  Judge judge;
  const bool valid = json::sax_parse(text, &judge);
  if (judge.overflow) return std::nullopt;
  return valid && judge.objects;
}

// What the page is, byte for byte but for white space, is what it was.
void agrees(const std::string& text) {
  const std::optional<bool> verdict = is_array_of_objects(text);
  const Result<Page> page = ActivityPageParser().parse(text);
  if (verdict) RC_ASSERT(static_cast<bool>(page) == *verdict);
  RC_CLASSIFY(static_cast<bool>(page), "valid");
  if (!page) return;
  for (const PageRecord& record : page->records) {
    RC_ASSERT(record.data.find('\n') == std::string_view::npos);
    RC_ASSERT(!record.id.empty());
  }
}

std::string without_space(const std::string& text) {
  std::string compact;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool quote = text[i] == '"';
    if (inside && text[i] == '\\')
      compact += text[i++];
    else if (quote)
      inside = !inside;
    if (inside || quote || (text[i] != ' ' && text[i] != '\n')) compact += text[i];
  }
  return compact;
}

RC_GTEST_PROP(ActivityPageProperty, ValidPagesComeOutCompactAndUntouched, ()) {
  const std::string text = *some_page();
  const Result<Page> page = ActivityPageParser().parse(text);
  RC_ASSERT(static_cast<bool>(page));
  std::string again = "[";
  for (const PageRecord& record : page->records)
    again.append(again.size() > 1 ? "," : "").append(record.data);
  RC_ASSERT(again + "]" == without_space(text));
  agrees(text);
}

RC_GTEST_PROP(ActivityPageProperty, MutatedPagesAreJudgedAsNlohmannDoes, ()) {
  std::string text = *some_page();
  const int changes = *rc::gen::inRange(1, 4);
  for (int i = 0; i < changes; ++i) {
    const size_t at = *rc::gen::inRange<size_t>(0, text.size() + 1);
    const size_t cut = *rc::gen::inRange<size_t>(0, 3);
    text.replace(at, std::min(cut, text.size() - at),
                 *rc::gen::oneOf(token(), rc::gen::just(std::string())));
  }
  agrees(text);
}

RC_GTEST_PROP(ActivityPageProperty, AnyTokensAreJudgedAsNlohmannDoes, ()) {
  agrees(joined(*rc::gen::container<std::vector<std::string>>(token())));
  agrees("[{" + joined(*rc::gen::container<std::vector<std::string>>(token())) + "}]");
}

RC_GTEST_PROP(ActivityPageProperty, AnyBytesAreJudgedAsNlohmannDoes, ()) {
  agrees(*rc::gen::arbitrary<std::string>());
  agrees("[{\"a\":\"" + *rc::gen::arbitrary<std::string>() + "\"}]");
}

}  // namespace
}  // namespace aikido
