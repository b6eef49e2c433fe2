#pragma once

#include <condition_variable>
#include <mutex>
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
 public:
  HeapTrimmer();
  ~HeapTrimmer();
  HeapTrimmer(const HeapTrimmer&) = delete;
  HeapTrimmer& operator=(const HeapTrimmer&) = delete;

 private:
  void trim();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace host
