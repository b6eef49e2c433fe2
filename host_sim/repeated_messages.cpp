#include "host_sim/repeated_messages.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "host_sim/wording.hpp"

namespace host {
namespace {

bool is_in_word(char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0; }
bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

std::string without_quotations(std::string_view text) {
  std::string rest;
  for (bool quoted = false; const char letter : text) {
    if (letter == '"') quoted = !quoted;
    if (!quoted) rest += letter;
  }
  return rest;
}

// Each word that has a digit in it becomes one '#'.
std::string without_numbers(std::string_view text) {
  std::string common;
  for (auto at = text.begin(); at != text.end();) {
    const auto end = std::find_if_not(at, text.end(), is_in_word);
    if (std::any_of(at, end, is_digit))
      common += '#';
    else
      common.append(at, end);
    at = end;
    if (at != text.end()) common += *at++;
  }
  return common;
}

std::string over_text(const std::string& trouble, int64_t lasted_ns, int64_t times) {
  const std::string count = times == 1 ? "" : ", " + counted(times, "time");
  return "over after " + duration_text(lasted_ns) + count + ": " + trouble;
}

}  // namespace

std::optional<std::string> RepeatedMessages::came(std::string_view trouble, std::string_view text,
                                                  int64_t now_ns) {
  forget_old(now_ns);
  const std::string common = without_numbers(without_quotations(trouble));
  if (const auto found = known_.find(common); found != known_.end()) {
    const bool is_back = reopen(found->second, now_ns);
    const auto counted = count(found->second, text, now_ns);
    return is_back && !counted ? std::string(text) : counted;
  }
  if (Known* known = put_otherwise(common))
    return reopen(*known, now_ns) ? std::optional(std::string(text)) : std::nullopt;
  make_room();
  known_[common] = {std::string(trouble), now_ns, now_ns, now_ns, 1};
  return std::string(text);
}

// True when it was told to be over.
bool RepeatedMessages::reopen(Known& known, int64_t now_ns) {
  known.last_ns = now_ns;
  known.comes_and_goes = known.comes_and_goes || known.is_over;
  return std::exchange(known.is_over, false);
}

std::optional<std::string> RepeatedMessages::count(Known& known, std::string_view text,
                                                   int64_t now_ns) {
  ++known.times;
  ++known.untold;
  const int64_t silent_ns = now_ns - known.told_ns;
  if (silent_ns < kSummaryEvery) return std::nullopt;
  known.told_ns = now_ns;
  return std::string(text) + " (" + counted(std::exchange(known.untold, 0), "time") +
         " in the last " + duration_text(silent_ns) + ")";
}

RepeatedMessages::Known* RepeatedMessages::put_otherwise(const std::string& common) {
  constexpr size_t kTelling = 16;  // fewer letters may stand in anything
  for (auto& [other, known] : known_) {
    const auto& [part, whole] = std::minmax(
        common, other, [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (part.size() >= kTelling && whole.find(part) != std::string::npos) return &known;
  }
  return nullptr;
}

std::vector<std::string> RepeatedMessages::over(int64_t now_ns) {
  std::vector<std::string> told;
  for (auto& [common, known] : known_) {
    const bool may_come_back = known.comes_and_goes && now_ns - known.last_ns < kSummaryEvery;
    if (known.is_over || may_come_back) continue;
    known.is_over = true;
    const int64_t end_ns = known.comes_and_goes ? known.last_ns : now_ns;
    told.push_back(over_text(known.trouble, end_ns - known.first_ns, known.times));
  }
  return told;
}

bool RepeatedMessages::is_open() const {
  return std::any_of(known_.begin(), known_.end(),
                     [](const auto& entry) { return !entry.second.is_over; });
}

void RepeatedMessages::forget_old(int64_t now_ns) {
  std::erase_if(known_, [now_ns](const auto& entry) {
    return entry.second.is_over && now_ns - entry.second.last_ns >= kSummaryEvery;
  });
}

void RepeatedMessages::make_room() {
  if (known_.size() < kMostKnown) return;
  known_.erase(std::min_element(known_.begin(), known_.end(), [](const auto& a, const auto& b) {
    return a.second.last_ns < b.second.last_ns;
  }));
}

}  // namespace host
