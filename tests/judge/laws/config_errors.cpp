#include <algorithm>
#include <set>

#include "tests/judge/instance.hpp"
#include "tests/judge/laws/laws.hpp"
#include "tests/judge/mistakes.hpp"

namespace judge {
namespace {

using Pointers = std::set<std::string>;

std::string list(const Pointers& pointers) {
  std::string text;
  for (const std::string& pointer : pointers) text += (text.empty() ? "" : ", ") + pointer;
  return text;
}

class ConfigErrors {
 public:
  explicit ConfigErrors(const Subject& subject) : subject_(subject), library_(subject) {
    const connector_text text = library_.describe();
    description_.assign(text.data, text.size);
  }

  std::string judge() {
    text_that_is_no_settings_object();
    const Pointers alone = mistakes_one_by_one();
    mistakes_all_together(alone);
    mistakes_of_meaning();
    if (refused_ == 0 && subject_.bad_settings.empty())
      return "refused nothing of its own; --bad-settings would tell whether it does";
    return std::to_string(refused_) + " mistaken settings refused, each mistake by its pointer";
  }

 private:
  // No host passes such text, but it must not bring the process down, nor be a wrong status.
  void text_that_is_no_settings_object() {
    for (const char* text : {"", "[]", "nonsense", "{\"a\":", "null", "\"\xFF\""}) configure(text);
  }

  // A host has checked the schema, so a plugin need not do it again. If it does, then properly.
  Pointers mistakes_one_by_one() {
    Pointers refused;
    for (const Mistaken& mistaken : single_mistakes(description_, subject_.settings)) {
      const Outcome outcome = configure(mistaken.settings);
      if (outcome.ok()) continue;
      expect_config(mistaken.settings, outcome);
      const std::vector<std::string> named = pointers_in(outcome.text);
      for (const std::string& pointer : mistaken.pointers) {
        if (std::find(named.begin(), named.end(), pointer) == named.end())
          throw Broken("the mistake at " + pointer + " is not named in: " + outcome.text);
        refused.insert(pointer);
      }
      ++refused_;
    }
    return refused;
  }

  // What was refused alone is named among others as well.
  void mistakes_all_together(const Pointers& alone) {
    const Mistaken mistaken = all_mistyped(description_, subject_.settings);
    Pointers due;
    for (const std::string& pointer : mistaken.pointers)
      if (alone.count(pointer) > 0) due.insert(pointer);
    if (due.empty()) return;
    const Outcome outcome = configure(mistaken.settings);
    expect_config(mistaken.settings, outcome);
    for (const std::string& pointer : pointers_in(outcome.text)) due.erase(pointer);
    if (!due.empty()) throw Broken("of all mistakes at once, these were not named: " + list(due));
  }

  // What only the plugin can know; given with --bad-settings.
  void mistakes_of_meaning() {
    for (const BadSettings& bad : subject_.bad_settings) {
      const Outcome outcome = configure(bad.settings);
      expect_config(bad.settings, outcome);
      const std::vector<std::string> lines = pointers_in(outcome.text);
      const Pointers named(lines.begin(), lines.end());
      const Pointers due(bad.pointers.begin(), bad.pointers.end());
      if (named != due)
        throw Broken(bad.settings + " has mistakes at " + list(due) + ", but named were " +
                     list(named));
      ++refused_;
    }
  }

  Outcome configure(const std::string& settings) {
    Instance instance(subject_, library_, clock_);
    return instance.configure(settings);
  }

  static void expect_config(const std::string& settings, const Outcome& outcome) {
    if (outcome.status == CONNECTOR_ERROR_CONFIG) return;
    throw Broken(settings + " gave " + outcome.describe() + " where CONFIG is due");
  }

  const Subject& subject_;
  const Library library_;
  JudgeClock clock_;
  std::string description_;
  size_t refused_ = 0;
};

}  // namespace

std::string config_errors(const Subject& subject) { return ConfigErrors(subject).judge(); }

}  // namespace judge
