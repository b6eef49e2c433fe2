#include "host_sim/plugin_call.hpp"

#include <utility>

#include "host_sim/alternate_stack.hpp"
#include "host_sim/crash_report.hpp"

namespace host {
namespace {

// Without a constructor, so that a signal handler may look at it at any time.
thread_local PluginTrace* turn_of_this_thread = nullptr;

struct ThreadWithTurns {
  const AlternateStack stack;  // for the report of a plugin that overflows the other one
  // An exit() ends the calling thread's objects first, before anything that others still use.
  ~ThreadWithTurns() { end_if_inside_a_plugin(); }
};

}  // namespace

PluginTurn::PluginTurn(PluginTrace& trace) : before_(std::exchange(turn_of_this_thread, &trace)) {
  static thread_local const ThreadWithTurns thread;
  static_cast<void>(thread);
}

PluginTurn::~PluginTurn() { turn_of_this_thread = before_; }

PluginCall::PluginCall(const char* function) {
  if (!turn_of_this_thread) return;
  ++turn_of_this_thread->calls_;
  turn_of_this_thread->call_ = function;
}

PluginCall::~PluginCall() {
  if (turn_of_this_thread) turn_of_this_thread->call_ = nullptr;
}

const PluginTrace* plugin_that_is_called() {
  const PluginTrace* trace = turn_of_this_thread;
  return trace && trace->call_in_progress() ? trace : nullptr;
}

}  // namespace host
