// The same trouble again and again: told at once, then counted, and told when it is over.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host_sim/clock.hpp"

namespace host {

// Two troubles are the same when they differ in numbers alone (or in words with digits in them,
// such as a request's id), or in what stands between double quotes: a service's own words. One that
// says another one, and more, is that other one, put otherwise: it is not counted. One that comes
// back within kSummaryEvery of its end comes and goes: it is told once that it is back and counted
// on, and told to be over once it has stayed away that long. At most kMostKnown are known at a
// time; the one that was away the longest is forgotten for a new one. One thread.
class RepeatedMessages {
 public:
  static constexpr int64_t kSummaryEvery = 600 * kNsPerSecond;
  static constexpr size_t kMostKnown = 16;

  // It came; `text` is what to say about it this time. Returns what to log: `text` at first, and
  // when it was told to be over; else nothing, but every kSummaryEvery "<text> (12 times in the
  // last 10 min)".
  std::optional<std::string> came(std::string_view trouble, std::string_view text, int64_t now_ns);

  // Nothing is wrong any more. Returns, of each that is over since the last call, "over after 2 min
  // 5 s, 12 times: <trouble>".
  std::vector<std::string> over(int64_t now_ns);

  // Some trouble came and was not told to be over.
  bool is_open() const;

 private:
  struct Known {
    std::string trouble;
    int64_t first_ns = 0;
    int64_t last_ns = 0;
    int64_t told_ns = 0;
    int64_t times = 0;
    int64_t untold = 0;  // of them, since it was told last
    bool is_over = false;
    bool comes_and_goes = false;
  };

  static bool reopen(Known& known, int64_t now_ns);
  static std::optional<std::string> count(Known& known, std::string_view text, int64_t now_ns);
  Known* put_otherwise(const std::string& common);
  void forget_old(int64_t now_ns);
  void make_room();

  std::map<std::string, Known> known_;  // by what they have in common
};

}  // namespace host
