// What goes wrong around the host: at the service, with its credentials and its quota, and with the
// disk.
#pragma once

#include <cstdint>
#include <string_view>

namespace simulation {

enum class TroubleKind {
  // An answer that is none, or a bad one.
  kUnauthorized,
  kForbidden,
  kRefused,  // 400, 404 or 422
  kServerError,
  kHtml,
  kTooMany,
  kTooManyUntil,
  kObject,
  kRedirect,
  kBomb,
  kInvalidJson,
  // An answer that comes badly, or not at all.
  kDelay,  // within the time-out
  kHang,
  kReset,
  kResetInBody,
  kCut,
  kDrip,
  kEndlessHeaders,
  kRepeatedPage,
  // For as long as it lasts:
  kOldSecret,   // it was rotated at the service, and the new one comes late
  kNoScope,     // reports:read was taken away
  kCrowd,       // another client uses up the workspace's quota
  kOutputFull,  // no byte more fits the output
  kStateFull,   // no commit can be made
  // In the place of half of those two:
  kOutputBroken,  // the disk fails (EIO) at a write to the output or at its sync
  kStateBroken,   // or at one of a commit's
};

// That are drawn.
constexpr int kTroubleKinds = static_cast<int>(TroubleKind::kStateFull) + 1;

std::string_view to_text(TroubleKind kind);

// Since the first run began, as everything in a plan.
struct Trouble {
  TroubleKind kind = TroubleKind::kServerError;
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  uint64_t times = 0;  // so many requests are struck at most, where it strikes requests
  int64_t number = 0;  // status, seconds, bytes or calls a minute
};

// Whether single requests are struck, and whether one that is struck has failed: not where the page
// may be so short that it comes nevertheless.
bool strikes_requests(TroubleKind kind);
bool fails_a_request(TroubleKind kind);

}  // namespace simulation
