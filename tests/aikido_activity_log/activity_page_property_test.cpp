// The page's grammar against an independent judge: nlohmann's accept.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "plugins/aikido_activity_log/activity_page.hpp"
#include "tests/aikido_activity_log/page_judge.hpp"

namespace aikido {
namespace {

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
