// What goes wrong, and when.
#include <algorithm>

#include "tests/simulation/plan_parts.hpp"

namespace simulation {
namespace {

// A request that is struck so costs real time: the simulation waits for the time-out in short
// steps.
bool is_slow(TroubleKind kind) {
  return kind == TroubleKind::kHang || kind == TroubleKind::kDrip || kind == TroubleKind::kBomb ||
         kind == TroubleKind::kEndlessHeaders || kind == TroubleKind::kDelay;
}

int64_t number_of(Dice& dice, TroubleKind kind, int64_t timeout_ns) {
  switch (kind) {
    case TroubleKind::kRefused:
      return dice.one_of<int64_t>({400, 404, 422});
    case TroubleKind::kServerError:
      return dice.one_of<int64_t>({408, 500, 502, 503, 504});
    case TroubleKind::kHtml:
      return dice.one_of<int64_t>({200, 502, 503});
    case TroubleKind::kTooMany:
    case TroubleKind::kTooManyUntil:
      return dice.one_of<int64_t>({1, 30, 120, 900});
    case TroubleKind::kDelay:
      return dice.between(1, timeout_ns / kSecond - 1);
    case TroubleKind::kCrowd:
      return dice.between(1, 40);
    default:
      return dice.between(0, 300);
  }
}

// A disk without room is a broken one by a number that it has no use for, so that nothing else is
// drawn anew.
TroubleKind broken_or_full(TroubleKind kind, int64_t number) {
  if (number % 2 == 0) return kind;
  if (kind == TroubleKind::kOutputFull) return TroubleKind::kOutputBroken;
  return kind == TroubleKind::kStateFull ? TroubleKind::kStateBroken : kind;
}

uint64_t times_of(Dice& dice, TroubleKind kind) {
  // A list that slips at both of its readings hides what no client can find.
  if (kind == TroubleKind::kRepeatedPage) return 1;
  if (is_slow(kind)) return static_cast<uint64_t>(dice.between(1, 3));
  return dice.chance(0.5) ? static_cast<uint64_t>(dice.between(1, 6)) : 100'000;
}

}  // namespace

std::vector<Trouble> draw_troubles(Dice& dice, const Plan& plan) {
  std::vector<Trouble> troubles;
  for (int64_t left = dice.one_of<int64_t>({0, 0, 0, 1, 2, 4, 8}); left > 0; --left) {
    Trouble trouble;
    trouble.kind = static_cast<TroubleKind>(dice.between(0, kTroubleKinds - 1));
    trouble.from_ns = dice.chance(0.1) ? 0 : dice.between(0, plan.span_ns - kHour);
    const auto length_ns = static_cast<int64_t>(
        dice.log_uniform(static_cast<double>(kMinute), static_cast<double>(8 * kHour)));
    trouble.to_ns = std::min(trouble.from_ns + length_ns, plan.span_ns);
    trouble.times = times_of(dice, trouble.kind);
    trouble.number = number_of(dice, trouble.kind, plan.settings.timeout_ns);
    trouble.kind = broken_or_full(trouble.kind, trouble.number);
    troubles.push_back(trouble);
  }
  std::sort(troubles.begin(), troubles.end(),
            [](const Trouble& left, const Trouble& right) { return left.from_ns < right.from_ns; });
  return troubles;
}

}  // namespace simulation
