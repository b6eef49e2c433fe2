// One HTTP exchange, as data: what was asked and what is answered, and how it is delivered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fake_aikido {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string target;
  unsigned version = 11;  // 10 * major + minor
  Headers headers;
  std::string body;

  // The first of that name in any case; empty where there is none.
  std::string header(const std::string& name) const;
};

// How an answer comes over the wire.
struct Delivery {
  enum class End {
    kKeep,   // the connection stays open
    kClose,  // closed after the last byte, wherever that is
    kReset,  // RST instead of FIN
    kHang,   // nothing more comes, and nothing is closed
  };
  int64_t delay_ns = 0;          // before the first byte
  size_t drop_bytes = 0;         // the body comes in drops of so many bytes; 0: at once
  int64_t drop_interval_ns = 0;  // before each drop
  size_t bytes = SIZE_MAX;       // sent at most, of head and body together
  size_t missing_bytes = 0;      // of the body's end, never sent
  bool endless_headers = false;  // the head never ends
  End end = End::kKeep;
};

struct Answer {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  Headers headers;  // beyond Date, Content-Type, Content-Length and Content-Encoding
  bool is_gzip = false;
  Delivery delivery;
};

// Status line, headers and the empty line. `now_s` is what the Date header says; none: there is
// none.
std::string head_of(const Answer& answer, std::optional<int64_t> now_s);
std::string http_date(int64_t time_s);

// {"status_code":400,"reason_phrase":"..."}, as most of Aikido's errors are.
Answer refusal(unsigned status, const std::string& reason);
// {"error":"...","error_description":"..."}, the latter only when not empty.
Answer oauth_error(unsigned status, const std::string& error, const std::string& description = {});

}  // namespace fake_aikido
