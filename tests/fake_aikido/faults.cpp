#include "tests/fake_aikido/faults.hpp"

#include <algorithm>
#include <utility>

#include "tests/fake_aikido/gzip.hpp"

namespace fake_aikido {

Fault Fault::on(Kind kind) && {
  kind_ = kind;
  return std::move(*this);
}

Fault Fault::when(std::function<bool(const Asked&)> predicate) && {
  predicate_ = std::move(predicate);
  return std::move(*this);
}

Fault Fault::after(uint64_t untouched) && {
  untouched_ = untouched;
  return std::move(*this);
}

Fault Fault::times(uint64_t count) && {
  left_ = count;
  return std::move(*this);
}

Fault Fault::for_ever() && { return std::move(*this).times(UINT64_MAX); }

Fault Fault::repeating_a_page() && {
  repeats_page_ = true;
  return std::move(*this);
}

void Faults::push(Fault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void Faults::clear() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

size_t Faults::pending() const {
  const std::lock_guard lock(mutex_);
  return faults_.size();
}

std::optional<Mishap> Faults::take(const Asked& asked) {
  const std::lock_guard lock(mutex_);
  std::optional<Mishap> mishap;
  for (Fault& fault : faults_) {
    if (fault.kind_ && fault.kind_ != asked.kind) continue;
    if (fault.predicate_ && !fault.predicate_(asked)) continue;
    if (fault.untouched_ > 0) {
      --fault.untouched_;
    } else if (!mishap) {
      --fault.left_;
      mishap = Mishap{fault.spoil_, fault.repeats_page_};
    }
  }
  std::erase_if(faults_, [](const Fault& fault) { return fault.left_ == 0; });
  return mishap;
}

namespace fault {
namespace {

// The proper answer goes, its way of delivery stays as it is.
Fault canned(Answer answer) {
  return Fault([answer = std::move(answer)](Answer& to) { to = answer; });
}

Fault delivered(std::function<void(Delivery&)> change) {
  return Fault([change = std::move(change)](Answer& to) { change(to.delivery); });
}

Answer documented(unsigned code) {
  switch (code) {
    case 401:
      return oauth_error(401, "invalid_token", "The access token is invalid or has expired");
    case 403:
      return oauth_error(403,
                         "You are missing the required scope for this request: 'reports:read'");
    case 429:
      return oauth_error(429,
                         "You have reached the maximum number of calls per minute. (20 calls per "
                         "minute)");
    default:
      return refusal(code, "Fault " + std::to_string(code));
  }
}

}  // namespace

Fault status(unsigned code) { return canned(documented(code)); }

Fault too_many_requests(int64_t wait_s) { return retry_after(429, std::to_string(wait_s)); }

Fault too_many_until(int64_t time_s) { return retry_after(429, http_date(time_s)); }

Fault retry_after(unsigned code, std::string value) {
  Answer answer = documented(code);
  answer.headers.emplace_back("Retry-After", std::move(value));
  return canned(std::move(answer));
}

Fault html(unsigned code) {
  Answer answer;
  answer.status = code;
  answer.content_type = "text/html; charset=utf-8";
  answer.body = "<!DOCTYPE html>\n<html><head><title>" + std::to_string(code) +
                "</title></head>\n<body><h1>Sorry!</h1>\n<p>nginx</p></body></html>\n";
  return canned(std::move(answer));
}

Fault body(std::string text, unsigned code) {
  Answer answer;
  answer.status = code;
  answer.body = std::move(text);
  return canned(std::move(answer));
}

Fault content(std::string type, std::string text) {
  Answer answer;
  answer.content_type = std::move(type);
  answer.body = std::move(text);
  return canned(std::move(answer));
}

Fault object_in_place_of_array() {
  return body(R"({"error":"Your current plan does not include access to the API"})");
}

Fault redirect(std::string location, unsigned code) {
  Answer answer = refusal(code, "Found");
  answer.headers.emplace_back("Location", std::move(location));
  return canned(std::move(answer));
}

Fault gzip_bomb(size_t inflated_bytes) {
  Answer answer;
  answer.body = gzip_of_spaces(inflated_bytes);
  answer.is_gzip = true;
  return canned(std::move(answer));
}

Fault header(std::string name, std::string value) {
  return Fault([=](Answer& to) { to.headers.emplace_back(name, value); });
}

Fault delay(int64_t span_ns) {
  return delivered([=](Delivery& to) { to.delay_ns = span_ns; });
}

Fault hang() {
  return delivered([](Delivery& to) {
    to.bytes = 0;
    to.end = Delivery::End::kHang;
  });
}

Fault reset(size_t after_bytes) {
  return delivered([=](Delivery& to) {
    to.bytes = after_bytes;
    to.end = Delivery::End::kReset;
  });
}

Fault cut(size_t body_bytes_missing) {
  return delivered([=](Delivery& to) {
    to.missing_bytes = body_bytes_missing;
    to.end = Delivery::End::kClose;
  });
}

Fault drip(size_t bytes, int64_t interval_ns) {
  return delivered([=](Delivery& to) {
    to.drop_bytes = bytes;
    to.drop_interval_ns = interval_ns;
  });
}

Fault endless_headers() {
  return delivered([](Delivery& to) { to.endless_headers = true; });
}

Fault invalid_json() {
  return Fault([](Answer& to) {
    if (!to.body.empty()) to.body.insert(to.body.size() - 1, ",");
  });
}

Fault repeated_page() {
  return Fault([](Answer&) {}).repeating_a_page();
}

}  // namespace fault
}  // namespace fake_aikido
