// Makes what was written durable, and then says so in the state: never the other way round.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/crash_points.hpp"
#include "host_sim/output.hpp"
#include "host_sim/state_store.hpp"

namespace host {

// The commits of one opening of one pipeline's output. After one that failed none follows: a later
// one would claim what the failed one did not keep.
class CommitChain {
 public:
  bool broken() const { return broken_; }
  void break_off() { broken_ = true; }

 private:
  std::atomic<bool> broken_ = false;
};

// How often the disk was asked, since the start.
struct CommitCounts {
  int64_t groups = 0;         // transactions
  int64_t synced_groups = 0;  // of them, those that waited for the disk
  int64_t output_syncs = 0;
};

struct Commit {
  using Done = std::function<void(const Result<void>&)>;

  std::string pipeline;
  PipelineState state;  // what is true once the output is durable
  // Gives a gauges_text when the state is committed; null or empty: the last ones stay.
  std::function<std::string()> gauges = nullptr;
  std::shared_ptr<Output> output;  // to be synced first; null when nothing was written
  // Else it need not outlive a power cut: what it says is only found out again.
  bool urgent = true;
  std::shared_ptr<CommitChain> chain;
  Done done;  // on the committer's thread; `output` is let go
};

// One thread takes all that waits, syncs the outputs and commits one transaction; what arrives
// meanwhile is the next group. Alone, a commit goes at once; under load the groups grow, for they
// begin no sooner than kBetweenGroups after one another: a disk that syncs quickly would be kept
// busy with a group for each page, and each takes the time of ten pages from the cores. Without a
// thread (for simulated time) `submit` does it all before it returns.
class Committer {
 public:
  Committer(StateStore& state, Clock& clock, CrashPoints crash_points, bool with_thread);
  // What still waits is dropped: after a clean end nothing does.
  ~Committer();

  // Any thread. Commits of one pipeline are made in the order of their submission; of those of one
  // chain that wait together only the last one, which says all that the others do.
  void submit(Commit commit);
  // A pipeline waits, and nothing more comes from it: the next group begins at once. Any thread.
  void hurry();
  // Notes what last went wrong with a pipeline, with the next group or soon. Where the state cannot
  // be written, it waits for a group that can. Any thread.
  void note_error(const std::string& pipeline, LastError error);
  // Returns when all that was submitted is through.
  void drain();
  CommitCounts counts() const;

 private:
  static constexpr std::chrono::milliseconds kBetweenGroups{60};

  struct Waiting {
    Commit last;
    std::vector<Commit::Done> earlier;
  };
  using Group = std::vector<Waiting>;
  using Results = std::vector<Result<void>>;  // one for each of a group

  void enqueue(Commit commit);
  void run();
  void make_durable(Group group);
  void write_errors();
  std::map<std::string, LastError> take_errors();
  void put_back(std::map<std::string, LastError> errors);
  Results sync_outputs(const Group& group);
  void commit_states(Group& group, Results& results);

  StateStore& state_;
  Clock& clock_;
  const CrashPoints crash_points_;
  const bool with_thread_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  Group waiting_;
  std::unordered_map<const CommitChain*, size_t> places_;  // in waiting_
  std::chrono::steady_clock::time_point next_group_;
  std::map<std::string, LastError> errors_;  // to be noted, by pipeline
  bool new_errors_ = false;
  bool hurried_ = false;  // the next group is awaited
  bool busy_ = false;
  bool ending_ = false;
  std::atomic<int64_t> groups_ = 0;
  std::atomic<int64_t> synced_groups_ = 0;
  std::atomic<int64_t> output_syncs_ = 0;
  std::thread thread_;
};

}  // namespace host
