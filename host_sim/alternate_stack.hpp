// Room for a signal handler when the stack itself is what ran out.
#pragma once

#include <cstddef>

namespace host {

// This thread's alternate stack while it lives. Where the thread has one, a sanitizer's, it is left
// alone.
class AlternateStack {
 public:
  AlternateStack();
  ~AlternateStack();
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;

 private:
  static constexpr size_t kSize = size_t{32} << 10;
  char* room_ = nullptr;
};

}  // namespace host
