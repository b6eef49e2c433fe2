#include "host_sim/alternate_stack.hpp"

#include <csignal>

namespace host {

AlternateStack::AlternateStack() {
  stack_t present{};
  if (::sigaltstack(nullptr, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
  room_ = new char[kSize];
  stack_t wanted{};
  wanted.ss_sp = room_;
  wanted.ss_size = kSize;
  ::sigaltstack(&wanted, nullptr);
}

AlternateStack::~AlternateStack() {
  if (!room_) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  ::sigaltstack(&none, nullptr);
  delete[] room_;
}

}  // namespace host
