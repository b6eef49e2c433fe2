#include "tests/simulation/service_troubles.hpp"

#include <algorithm>

namespace simulation {
namespace {

using end_to_end::kMinute;
using end_to_end::kSecond;
using fake_aikido::Client;
using fake_aikido::Fault;
namespace fault = fake_aikido::fault;

constexpr const char* kOurClient = "AIK_CLIENT_test";
constexpr size_t kBombBytes = size_t{80} << 20;

// `from_s`: when it begins, by the server's clock.
Fault fault_of(const Trouble& trouble, int64_t from_s) {
  const auto number = static_cast<unsigned>(trouble.number);
  switch (trouble.kind) {
    case TroubleKind::kUnauthorized:
      return fault::status(401);
    case TroubleKind::kForbidden:
      return fault::status(403);
    case TroubleKind::kHtml:
      return fault::html(number);
    case TroubleKind::kTooMany:
      return fault::too_many_requests(trouble.number);
    case TroubleKind::kTooManyUntil:
      return fault::too_many_until(from_s + trouble.number);
    case TroubleKind::kObject:
      return fault::object_in_place_of_array();
    case TroubleKind::kRedirect:
      return fault::redirect("http://127.0.0.1:1/");
    case TroubleKind::kBomb:
      return fault::gzip_bomb(kBombBytes);
    case TroubleKind::kInvalidJson:
      return fault::invalid_json();
    case TroubleKind::kDelay:
      return fault::delay(trouble.number * kSecond);
    case TroubleKind::kHang:
      return fault::hang();
    case TroubleKind::kReset:
      return fault::reset();
    case TroubleKind::kResetInBody:
      return fault::reset(200);
    case TroubleKind::kCut:
      return fault::cut(1);
    case TroubleKind::kDrip:
      return fault::drip(1, kSecond);
    case TroubleKind::kEndlessHeaders:
      return fault::endless_headers();
    case TroubleKind::kRepeatedPage:
      return fault::repeated_page();
    default:
      return fault::status(number);
  }
}

}  // namespace

ServiceTroubles::ServiceTroubles(end_to_end::World& world, int64_t begin_ns, Tell tell)
    : world_(world), begin_ns_(begin_ns), tell_(std::move(tell)), other_(world.server_url()) {
  world_.server().credentials().add({.id = std::string(kOtherClient), .secret = "other"});
}

void ServiceTroubles::schedule(const std::vector<Trouble>& troubles) {
  for (const Trouble& trouble : troubles) {
    if (strikes_requests(trouble.kind)) push_fault(trouble);
    if (trouble.kind == TroubleKind::kOldSecret) schedule_rotation(trouble);
    if (trouble.kind == TroubleKind::kNoScope) schedule_scope(trouble);
    if (trouble.kind == TroubleKind::kCrowd) schedule_crowd(trouble);
  }
}

void ServiceTroubles::push_fault(const Trouble& trouble) {
  const int64_t ahead_ns = world_.server().switches().clock_offset_s * kSecond;
  const int64_t from_ns = begin_ns_ + trouble.from_ns + ahead_ns;
  const int64_t to_ns = begin_ns_ + trouble.to_ns + ahead_ns;
  world_.server().faults().push(fault_of(trouble, from_ns / kSecond)
                                    .when([=](const fake_aikido::Asked& asked) {
                                      return asked.client != kOtherClient &&
                                             asked.time_ns >= from_ns && asked.time_ns < to_ns;
                                    })
                                    .times(trouble.times));
}

// The service knows the new secret alone, and the host learns it later.
void ServiceTroubles::schedule_rotation(const Trouble& trouble) {
  const std::string secret = "AIK_SECRET_" + std::to_string(++secrets_);
  world_.clock().at(begin_ns_ + trouble.from_ns, [this, secret] {
    world_.server().credentials().change(kOurClient,
                                         [&](Client& client) { client.secret = secret; });
    world_.server().credentials().drop_tokens();
    has_token_ = false;
    tell_("the secret is rotated");
  });
  world_.clock().at(begin_ns_ + trouble.to_ns, [this, secret] {
    // Another rotation may have come in between: the newest is what is written.
    const auto client = world_.server().credentials().check(kOurClient, secret);
    if (!client) return;
    test_support::write_file(world_.secret(), secret);
    tell_("the host is given the new secret");
  });
}

void ServiceTroubles::schedule_scope(const Trouble& trouble) {
  const auto set = [this](bool allowed) {
    world_.server().credentials().change(
        kOurClient, [allowed](Client& client) { client.may_read_reports = allowed; });
    tell_(allowed ? "the scope is given back" : "the scope is taken away");
  };
  world_.clock().at(begin_ns_ + trouble.from_ns, [set] { set(false); });
  world_.clock().at(begin_ns_ + trouble.to_ns, [set] { set(true); });
}

void ServiceTroubles::schedule_crowd(const Trouble& trouble) {
  const int64_t every_ns = kMinute / std::max<int64_t>(1, trouble.number);
  // For an hour at most: each call is a real one.
  const int64_t to_ns = std::min(trouble.to_ns, trouble.from_ns + 60 * kMinute);
  for (int64_t at_ns = trouble.from_ns; at_ns < to_ns; at_ns += every_ns)
    world_.clock().at(begin_ns_ + at_ns, [this] { call_as_another(); });
}

void ServiceTroubles::call_as_another() {
  if (!has_token_) has_token_ = !other_.token(std::string(kOtherClient), "other").empty();
  if (has_token_ && other_.page("per_page=1").status == 401) has_token_ = false;
}

}  // namespace simulation
