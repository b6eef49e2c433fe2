#include "host_sim/retry_policy.hpp"

#include <algorithm>

namespace host {
namespace {

using connector::Status;

constexpr int kMostInARow = 5;
constexpr int64_t kFirstBackOff = 1'000'000'000;
constexpr int64_t kUnnamedRateLimit = int64_t{60} * 1'000'000'000;  // services count by the minute
constexpr int64_t kLongestBackOff = int64_t{300} * 1'000'000'000;

}  // namespace

// 1, 2, 4 ... seconds, at most five minutes.
int64_t RetryPolicy::back_off() const {
  const int doublings = std::clamp(in_a_row_ + unkept_in_a_row_ - 1, 0, 9);
  return std::min(kFirstBackOff << doublings, kLongestBackOff);
}

Decision RetryPolicy::after(Remedy remedy, int64_t wanted_ns) {
  const bool hopeless = remedy == Remedy::kStop || in_a_row_ + unkept_in_a_row_ >= kMostInARow;
  if (once_ && hopeless) return {Remedy::kGiveUp, 0};
  if (remedy == Remedy::kStop) return {remedy, kProbeInterval};
  return {remedy, wanted_ns > 0 ? wanted_ns : back_off()};
}

Decision RetryPolicy::failed(const connector::Error& error, bool secret_rotated) {
  protocol_in_a_row_ = error.status == Status::kProtocol ? protocol_in_a_row_ + 1 : 0;
  const bool another_try = error.status == Status::kAuth && secret_rotated && !asked_again_;
  if (error.status != Status::kRateLimited && !another_try) ++in_a_row_;
  switch (error.status) {
    case Status::kConfig:
    case Status::kCheckpoint:
      return after(Remedy::kStop, 0);
    case Status::kAuth:
      if (!another_try) return after(Remedy::kStop, 0);
      asked_again_ = true;
      return {Remedy::kRetry, 0};
    case Status::kRateLimited:
      return after(Remedy::kRetry, error.wait.ns > 0 ? error.wait.ns : kUnnamedRateLimit);
    case Status::kTransient:
    case Status::kDeadline:
      return after(Remedy::kRetry, error.wait.ns);
    case Status::kProtocol: {
      const bool hopeless = protocol_in_a_row_ >= kMostInARow;
      return after(hopeless ? Remedy::kStop : Remedy::kRetry, error.wait.ns);
    }
    default:
      return after(Remedy::kNewInstance, error.wait.ns);
  }
}

Decision RetryPolicy::failed_to_keep() {
  ++unkept_in_a_row_;
  return after(Remedy::kNewInstance, 0);
}

void RetryPolicy::progressed() {
  in_a_row_ = 0;
  protocol_in_a_row_ = 0;
  asked_again_ = false;
}

}  // namespace host
