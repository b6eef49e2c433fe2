// Seen ids against a plain map, through any history: added, shown again, pruned, taken over by
// another set, written and read again at any moment.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "plugins/aikido_activity_log/seen_ids.hpp"

namespace aikido {
namespace {

struct Known {
  int64_t time_s = 0;
  bool untimed = false;
  bool pinned = false;
};

using Id = std::pair<std::string, bool>;  // text, hashed
using Model = std::map<Id, Known>;

// All that may be taken for each other: some characters as a number and as texts.
const std::vector<std::string>& alike() {
  static const std::vector<std::string> texts = {"0",
                                                 "00",
                                                 "-0",
                                                 "7",
                                                 "-7",
                                                 "07",
                                                 "007",
                                                 "-07",
                                                 "+7",
                                                 " 7",
                                                 "7.0",
                                                 "7e0",
                                                 "\"7\"",
                                                 "\"-7\"",
                                                 "#7",
                                                 "",
                                                 "-",
                                                 "\"\"",
                                                 "9223372036854775807",
                                                 "9223372036854775808",
                                                 "-9223372036854775808",
                                                 "-9223372036854775809",
                                                 "18446744073709551623",  // 7 more than 2^64
                                                 std::string("7\0", 2),
                                                 std::string(8, '\0'),
                                                 std::string(9, '\0')};
  return texts;
}

// Few enough to meet again, and of every form that the log tells apart.
Id some_id() {
  const std::string digits = std::to_string(*rc::gen::inRange(-20, 20));
  const std::string text = *rc::gen::oneOf(
      rc::gen::just(digits), rc::gen::just("\"activity_" + digits + '"'),
      rc::gen::elementOf(alike()), rc::gen::resize(3, rc::gen::arbitrary<std::string>()));
  return {text, *rc::gen::inRange(0, 3) == 0};
}

int64_t some_second() {
  return *rc::gen::oneOf(rc::gen::inRange<int64_t>(0, 100),
                         rc::gen::element<int64_t>(-kMostSeconds, kMostSeconds));
}

// The two sides, and what is to happen to both.
struct Pair {
  SeenIds seen;
  Model model;

  void show(const Id& id, int64_t time_s, bool untimed, bool pinned) {
    const std::optional<size_t> place = seen.find(id.first, id.second);
    const auto known = model.find(id);
    RC_ASSERT(place.has_value() == (known != model.end()));
    if (!place) {
      seen.add({id.first, id.second, untimed, pinned && untimed, time_s});
      model[id] = {time_s, untimed, pinned && untimed};
      return;
    }
    seen.shown_again(*place, time_s, pinned);
    if (!known->second.untimed) return;
    known->second.time_s = std::max(known->second.time_s, time_s);
    known->second.pinned |= pinned;
  }

  void prune(int64_t floor_s, bool keep_pinned) {
    seen.prune(floor_s, keep_pinned);
    std::erase_if(model, [&](const auto& each) {
      return each.second.time_s < floor_s && !(each.second.pinned && keep_pinned);
    });
    for (auto& [id, known] : model) known.pinned = known.pinned && keep_pinned;
  }

  void absorb(const Pair& other, int64_t until_s) {
    seen.absorb(other.seen, until_s);
    for (const auto& [id, theirs] : other.model) {
      Known from = theirs;
      if (from.untimed) from.time_s = std::max(from.time_s, until_s);
      const auto [ours, is_new] = model.emplace(id, from);
      if (!is_new && ours->second.untimed)
        ours->second.time_s = std::max(ours->second.time_s, from.time_s);
    }
  }

  void reread() {
    std::optional<SeenIds> read = SeenIds::decode(seen.encoded());
    RC_ASSERT(read.has_value());
    seen = *std::move(read);
  }

  // Exactly these, no others, for as long as the model says.
  void agree() const {
    RC_ASSERT(seen.size() == model.size());
    for (const std::string& text : alike())
      for (const bool hashed : {false, true})
        RC_ASSERT(seen.find(text, hashed).has_value() == (model.count({text, hashed}) == 1));
    for (const auto& [id, known] : model) {
      RC_ASSERT(seen.find(id.first, id.second).has_value());
      SeenIds copy = seen;
      copy.prune(known.time_s, true);
      RC_ASSERT(copy.find(id.first, id.second).has_value());
      copy.prune(known.time_s + 1, true);
      RC_ASSERT(copy.find(id.first, id.second).has_value() == known.pinned);
    }
  }
};

void one_step(Pair& pair) {
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return pair.prune(some_second(), *rc::gen::arbitrary<bool>());
    case 1:
      return pair.reread();
    default:
      const bool untimed = *rc::gen::inRange(0, 3) == 0;
      return pair.show(some_id(), some_second(), untimed, *rc::gen::inRange(0, 4) == 0);
  }
}

RC_GTEST_PROP(SeenIds, AgreeWithAMapThroughAnyHistory, ()) {
  Pair pair;
  for (int steps = *rc::gen::inRange(0, 60); steps > 0; --steps) one_step(pair);
  pair.agree();
  pair.reread();
  pair.agree();
}

RC_GTEST_PROP(SeenIds, TakeOverAnotherSetAsAMapWould, ()) {
  Pair live;
  Pair past;
  for (int steps = *rc::gen::inRange(0, 30); steps > 0; --steps) one_step(live);
  for (int steps = *rc::gen::inRange(0, 30); steps > 0; --steps) one_step(past);
  live.absorb(past, some_second());
  live.agree();
  live.reread();
  live.agree();
}

}  // namespace
}  // namespace aikido
