// One HTTP request at a time, and what came of it. Knows HTTP and TLS, and nothing of Aikido. The
// interface stands apart so that tests can answer in the network's place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "plugin_api/connector_plugin.hpp"

namespace aikido {

constexpr size_t kLargestBody = size_t{64} << 20;      // inflated
constexpr size_t kLargestHeaders = size_t{256} << 10;  // all lines of an answer together
constexpr size_t kMostHeaderLines = 500;

struct HttpRequest {
  std::string url;
  std::string authorization;        // value of the header
  std::string form;                 // sent as POST where not empty, else GET
  int64_t deadline_ns = INT64_MAX;  // on the host's monotonic clock
  int64_t backstop_ms = 0;          // of real time, where the host's clock fails to advance
};

enum class NoAnswer {
  kNone,
  kCancelled,
  kDeadline,
  kNoAuthorities,  // the CA store cannot be read: nothing was sent
  kResolve,
  kConnect,
  kTls,
  kBroken,
  kTooLarge
};

struct HttpAnswer {
  NoAnswer failure = NoAnswer::kNone;  // kNone: the answer came as a whole
  std::string detail;                  // of a failure: what the network or the library said
  bool by_proxy = false;               // it was to go through one
  int proxy_status = 0;                // with which a proxy refused the way
  bool resolved = false;
  bool connected = false;  // to the server: a proxy alone is none
  bool secured = false;
  int status = 0;
  std::string date;  // headers of the answer; empty where not sent
  std::string retry_after;
  std::string has_next_page;
  std::string body;
};

// Calls come from one thread at a time, but for cancel.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  virtual HttpAnswer perform(const HttpRequest& request) = 0;
  // Closes idle connections and frees what they need; the next perform opens anew.
  virtual void rest() = 0;
  // Any thread, never blocks; sticky. A running perform returns kCancelled within some 10 ms.
  virtual void cancel() = 0;
};

// On libcurl. Opens nothing before the first perform.
std::unique_ptr<Transport> make_curl_transport(connector::Host host);

}  // namespace aikido
