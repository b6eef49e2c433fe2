// A value, or why there is none: the statuses of connector_plugin.h in C++.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "connector_plugin.h"

namespace connector {

enum class Status : int32_t {
  kOk = CONNECTOR_OK,
  kConfig = CONNECTOR_ERROR_CONFIG,
  kCheckpoint = CONNECTOR_ERROR_CHECKPOINT,
  kAuth = CONNECTOR_ERROR_AUTH,
  kTransient = CONNECTOR_ERROR_TRANSIENT,
  kRateLimited = CONNECTOR_ERROR_RATE_LIMITED,
  kProtocol = CONNECTOR_ERROR_PROTOCOL,
  kCancelled = CONNECTOR_ERROR_CANCELLED,
  kDeadline = CONNECTOR_ERROR_DEADLINE,
  kInternal = CONNECTOR_ERROR_INTERNAL,
};

// For logs and metrics: "rate_limited". An unknown one means internal.
constexpr std::string_view name_of(Status status) {
  // By number.
  constexpr std::string_view kNames[] = {"ok",        "config",       "checkpoint", "auth",
                                         "transient", "rate_limited", "protocol",   "cancelled",
                                         "deadline",  "internal"};
  const int64_t place = -static_cast<int64_t>(status);
  return place >= 0 && place < 9 ? kNames[place] : kNames[9];
}

struct Wait {
  int64_t ns = 0;
  int32_t reason = CONNECTOR_WAIT_NONE;
};

struct Error {
  Status status = Status::kInternal;
  std::string text;  // cause, place and remedy, in one line
  Wait wait = {};    // ns 0: the host decides
  int32_t http_status = 0;
};

// A value or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace connector
