#include "tests/simulation/trouble.hpp"

namespace simulation {

std::string_view to_text(TroubleKind kind) {
  switch (kind) {
    case TroubleKind::kUnauthorized:
      return "401";
    case TroubleKind::kForbidden:
      return "403";
    case TroubleKind::kRefused:
      return "refused";
    case TroubleKind::kServerError:
      return "server error";
    case TroubleKind::kHtml:
      return "HTML";
    case TroubleKind::kTooMany:
      return "429";
    case TroubleKind::kTooManyUntil:
      return "429 until";
    case TroubleKind::kObject:
      return "object for array";
    case TroubleKind::kRedirect:
      return "redirect";
    case TroubleKind::kBomb:
      return "gzip bomb";
    case TroubleKind::kInvalidJson:
      return "invalid JSON";
    case TroubleKind::kDelay:
      return "delay";
    case TroubleKind::kHang:
      return "hang";
    case TroubleKind::kReset:
      return "reset";
    case TroubleKind::kResetInBody:
      return "reset in body";
    case TroubleKind::kCut:
      return "cut";
    case TroubleKind::kDrip:
      return "drip";
    case TroubleKind::kEndlessHeaders:
      return "endless headers";
    case TroubleKind::kRepeatedPage:
      return "repeated page";
    case TroubleKind::kOldSecret:
      return "old secret";
    case TroubleKind::kNoScope:
      return "no scope";
    case TroubleKind::kCrowd:
      return "crowd";
    case TroubleKind::kOutputFull:
      return "output full";
    case TroubleKind::kStateFull:
      return "state full";
    case TroubleKind::kOutputBroken:
      return "output broken";
    case TroubleKind::kStateBroken:
      return "state broken";
  }
  return "trouble";
}

bool strikes_requests(TroubleKind kind) { return kind < TroubleKind::kOldSecret; }

bool fails_a_request(TroubleKind kind) {
  switch (kind) {
    case TroubleKind::kDelay:
    case TroubleKind::kDrip:
    case TroubleKind::kRepeatedPage:
    case TroubleKind::kResetInBody:
      return false;
    default:
      return strikes_requests(kind);
  }
}

}  // namespace simulation
