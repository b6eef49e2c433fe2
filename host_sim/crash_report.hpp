// The last line of a process that a plugin brings down: which plugin, which pipeline, which call.
#pragma once

#include <pthread.h>

#include "host_sim/log.hpp"

namespace host {

// From now on a fatal signal says on stderr where it happened, and then does what it would have
// done. For main.
void report_crashes(LogFormat format);

// The same lines from now on as half a sentence, without its end: "it crashed in connector_describe
// (SIGSEGV)". For a child process, whose parent waits for it at the other end of `descriptor`.
void report_crashes_briefly(int descriptor);

// For a process that has to end although `thread` does not come to its end: where that thread is
// inside a plugin, the plugin and the call are told on stderr, and the process ends with 1. Returns
// otherwise. Not for the thread itself.
void end_if_thread_is_inside_a_plugin(pthread_t thread);

// For a thread that ends: inside a plugin that is an exit(), which is told of and ends the process
// with 1 at once, for the other threads go on running. Else nothing.
void end_if_inside_a_plugin();

}  // namespace host
