// A connector_error whose text buffer has a small capacity and guard bytes on both sides.
#pragma once

#include <string>

#include "plugin_api/connector_plugin.h"
#include "tests/judge/verdict.hpp"

namespace judge {

class GuardedError {
 public:
  explicit GuardedError(size_t capacity) : buffer_(capacity + 2 * kGuards, kGuard) {
    raw_.size = sizeof raw_;
    raw_.text = capacity == 0 ? nullptr : buffer_.data() + kGuards;
    raw_.text_capacity = capacity;
  }
  GuardedError(const GuardedError&) = delete;
  GuardedError& operator=(const GuardedError&) = delete;

  connector_error* raw() { return &raw_; }

  // Broken when the plugin wrote or claims more than the buffer holds.
  std::string text() const {
    const size_t capacity = buffer_.size() - 2 * kGuards;
    const std::string guard(kGuards, kGuard);
    const std::string buffer = "a text buffer of " + std::to_string(capacity) + " bytes";
    if (buffer_.substr(0, kGuards) != guard || buffer_.substr(kGuards + capacity) != guard)
      throw Broken("the error's text overflowed " + buffer);
    if (raw_.text_size > capacity)
      throw Broken("text_size is " + std::to_string(raw_.text_size) + " in " + buffer);
    return buffer_.substr(kGuards, raw_.text_size);
  }

 private:
  static constexpr size_t kGuards = 512;
  static constexpr char kGuard = '\xA5';

  std::string buffer_;
  connector_error raw_{};
};

}  // namespace judge
