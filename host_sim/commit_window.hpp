// The commits of one pipeline that are under way: how many, and whether one failed.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "plugin_api/connector_plugin.hpp"

namespace host {

// The pipeline goes on collecting while earlier batches are being made durable, but not without
// end: what was read and not committed is read again after a crash. Any thread.
class CommitWindow {
 public:
  static constexpr size_t kMost = 1000;  // more than come while a slow disk syncs

  void submitted();
  // True when the pipeline waits for this and has to be woken.
  bool completed(const connector::Result<void>& result);

  // True when there are more than `most` under way: the next completion wakes the pipeline.
  bool wait_for_fewer(size_t most);
  bool is_empty();
  std::optional<connector::Error> failure();
  // Nothing is under way, and a failure has been dealt with.
  void clear();

 private:
  std::mutex mutex_;
  size_t under_way_ = 0;
  bool awaited_ = false;
  std::optional<connector::Error> failure_;
};

}  // namespace host
