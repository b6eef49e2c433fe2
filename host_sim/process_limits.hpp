#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace host {

// What thousands of pipelines in one process take from the system.

// As many open files as the hard limit allows: a pipeline has its output and, while it asks, a
// connection.
void raise_file_limit();

// All threads share two heaps: with one for each, most of the memory would be what a thread had
// used once. To be called before there is a second thread.
void share_heaps();

// Gives back what is free within the heaps, every half a minute while it lives: what is used once
// by each of many pipelines leaves holes between that which stays.
class HeapTrimmer {
 private:
  void trim(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_{[this](const std::stop_token& stop) { trim(stop); }};  // ends first
};

}  // namespace host
