// Where a pipeline's records go: the seam between the pipeline and a file or stdout.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "host_sim/crash_points.hpp"
#include "host_sim/descriptor.hpp"
#include "host_sim/manifest.hpp"
#include "plugin_api/connector_plugin.hpp"

namespace host {

using connector::Error;
using connector::Result;
using connector::Status;

// How far an output was written. Committed together with the checkpoint.
struct OutputPosition {
  std::string kind = {};  // "file" or "stdout"
  std::string path = {};  // of a file
  uint64_t device = 0;    // of a file, as the two that follow: which file it is, whatever its name
  uint64_t inode = 0;     // numbers are used again after a removal,
  int64_t born_ns = 0;    // so the time of creation belongs to them; 0 where it is not known
  int64_t position = 0;   // bytes of a file, from its beginning
  bool operator==(const OutputPosition&) const = default;
};

// One pipeline's output. Calls are serialised, but for sync, which any thread may make meanwhile.
class Output {
 public:
  virtual ~Output() = default;

  // Appends whole lines. After an error the output is only fit to be closed and opened anew from
  // the last commit: part of the lines may have been written.
  virtual Result<void> write(std::string_view lines) = 0;
  // Returns when all that was written before is durable.
  virtual Result<void> sync() = 0;
  // The file was moved away or removed, so that the path no longer leads to it.
  virtual bool replaced() const = 0;
  // Somebody else has written behind our position: ours may only go on behind that.
  virtual bool overtaken() const = 0;
  // After all that was written.
  virtual OutputPosition position() const = 0;
};

// Of `ours_until`: who can have written behind the last commit when nobody knows better.
constexpr int64_t kNobodyKnows = -1;       // where the state may be older than the output
constexpr int64_t kNothingOfOurs = 0;      // after a clean end all was committed
constexpr int64_t kAllIsOurs = INT64_MAX;  // after a crash it is what was not

struct OpenedOutput {
  std::shared_ptr<Output> output;
  bool begins = false;  // the position is new: it has to be committed before the first write
  std::string remark;   // for the log, or empty
};

// What the pipelines of a host that write to stdout share.
struct Stdout {
  int descriptor = 1;
  std::mutex mutex = {};
  // Where a write failed, or the last run may have died; the next one begins a line of its own.
  std::atomic<bool> is_amid_line = false;
  Descriptor stopping = {};  // can be read from once nobody is to wait for its reader any more
};

// Opens outputs, and keeps the batches of several pipelines apart on one stdout. Any thread.
class Outputs {
 public:
  // `after_crash`: nobody knows how the last run left stdout.
  Outputs(int stdout_descriptor, bool after_crash, CrashPoints crash_points);

  // CONFIG when the path leads to something that can be no output. Changes nothing.
  Result<void> check(const OutputSettings& settings) const;
  // `committed` is where the last commit left the pipeline's output, if there was one. What lies
  // behind it in a file is ours up to the byte `ours_until`, and is cut off; it is somebody else's
  // from there on, and never is. CONFIG when the path cannot be an output, CHECKPOINT when the file
  // is shorter than what was committed, or somebody wrote behind what ought to be cut off, or
  // nobody knows who did, TRANSIENT otherwise.
  Result<OpenedOutput> open(const OutputSettings& settings,
                            const std::optional<OutputPosition>& committed, int64_t ours_until);

  // Nothing is torn that the next run would have to know of.
  bool settled() const;
  // No write waits for a reader any more.
  void stop();

 private:
  std::atomic<bool> after_crash_;
  Stdout stdout_;
  CrashPoints crash_points_;
};

}  // namespace host
