// What can go wrong with an answer, ready to be pushed onto a running server:
//   server.faults().push(fault::status(503).on(Kind::kPage).after(3).times(2));
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/fake_aikido/asked.hpp"
#include "tests/fake_aikido/http.hpp"

namespace fake_aikido {

// One fault: which requests it befalls, and how it spoils the proper answer. Without more it
// befalls the next request of any kind, once.
class Fault {
 public:
  explicit Fault(std::function<void(Answer&)> spoil) : spoil_(std::move(spoil)) {}

  Fault on(Kind kind) &&;
  Fault when(std::function<bool(const Asked&)> predicate) &&;
  Fault after(uint64_t untouched) &&;  // so many matching requests go by first
  Fault times(uint64_t count) &&;
  Fault for_ever() &&;
  // The page before the one asked for is answered, before `spoil`.
  Fault repeating_a_page() &&;

 private:
  friend class Faults;

  std::function<void(Answer&)> spoil_;
  std::optional<Kind> kind_;
  std::function<bool(const Asked&)> predicate_;
  uint64_t untouched_ = 0;
  uint64_t left_ = 1;
  bool repeats_page_ = false;
};

// What befalls one request.
struct Mishap {
  std::function<void(Answer&)> spoil;
  bool repeats_page = false;
};

// Of all that match a request the one pushed first befalls it. Any thread.
class Faults {
 public:
  void push(Fault fault);
  void clear();
  // Those that can still befall a request.
  size_t pending() const;

  std::optional<Mishap> take(const Asked& asked);

 private:
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;
};

namespace fault {

// Canned answers.
Fault status(unsigned code);              // with the error body that Aikido documents for it
Fault too_many_requests(int64_t wait_s);  // 429 with Retry-After in seconds
Fault too_many_until(int64_t time_s);     // 429 with Retry-After as an HTTP date
Fault retry_after(unsigned code, std::string value);
Fault html(unsigned code);  // as a proxy in between answers
Fault body(std::string text, unsigned code = 200);
Fault content(std::string type, std::string text);
Fault object_in_place_of_array();  // 200, a plan without API access
Fault redirect(std::string location, unsigned code = 302);
Fault gzip_bomb(size_t inflated_bytes);             // 200, white space
Fault header(std::string name, std::string value);  // beside the proper answer

// The proper answer, delivered badly.
Fault delay(int64_t span_ns);
Fault hang();
Fault reset(size_t after_bytes = 0);
Fault cut(size_t body_bytes_missing);  // Content-Length says more than comes
Fault drip(size_t bytes, int64_t interval_ns);
Fault endless_headers();
Fault invalid_json();  // a comma too many
Fault repeated_page();

}  // namespace fault
}  // namespace fake_aikido
