#include "host_sim/committer.hpp"

#include <map>
#include <utility>

namespace host {
namespace {

// Lets the output go before the pipeline hears of it, because it may open the file anew at once.
void finish(Commit& commit, const std::vector<Commit::Done>& earlier, const Result<void>& result) {
  commit.output.reset();
  for (const Commit::Done& done : earlier) done(result);
  commit.done(result);
}

}  // namespace

Committer::Committer(StateStore& state, Clock& clock, CrashPoints crash_points, bool with_thread)
    : state_(state),
      clock_(clock),
      crash_points_(std::move(crash_points)),
      with_thread_(with_thread) {
  if (with_thread_) thread_ = std::thread([this] { run(); });
}

Committer::~Committer() {
  if (!with_thread_) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  work_.notify_one();
  thread_.join();
}

void Committer::submit(Commit commit) {
  if (!with_thread_) {
    Group group;
    group.push_back({std::move(commit), {}});
    return make_durable(std::move(group));
  }
  const std::lock_guard lock(mutex_);
  enqueue(std::move(commit));
}

void Committer::enqueue(Commit commit) {
  const auto [place, is_new] = places_.try_emplace(commit.chain.get(), waiting_.size());
  if (!is_new) {
    Waiting& waiting = waiting_[place->second];
    waiting.earlier.push_back(std::move(waiting.last.done));
    waiting.last = std::move(commit);
    return;
  }
  clock_.work_begins();
  waiting_.push_back({std::move(commit), {}});
  if (waiting_.size() == 1) work_.notify_one();
}

void Committer::drain() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return waiting_.empty() && !busy_; });
}

void Committer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    work_.wait_until(lock, next_group_, [this] { return ending_; });
    if (ending_) return;
    next_group_ = std::chrono::steady_clock::now() + kBetweenGroups;
    Group group = std::exchange(waiting_, {});
    places_.clear();
    const size_t size = group.size();
    busy_ = true;
    lock.unlock();
    make_durable(std::move(group));
    for (size_t i = 0; i < size; ++i) clock_.work_ends();
    lock.lock();
    busy_ = false;
    if (waiting_.empty()) idle_.notify_all();
  }
}

void Committer::make_durable(Group group) {
  crash_points_.at("before_sync");
  Results results = sync_outputs(group);
  crash_points_.at("before_commit");
  commit_states(group, results);
  crash_points_.at("after_commit");
  for (size_t i = 0; i < group.size(); ++i) finish(group[i].last, group[i].earlier, results[i]);
}

Committer::Results Committer::sync_outputs(const Group& group) {
  std::map<Output*, Result<void>> synced;
  Results results;
  for (const auto& [commit, earlier] : group) {
    if (commit.chain->broken()) {
      results.push_back(Error{Status::kTransient, "an earlier commit of this pipeline failed"});
      continue;
    }
    Output* output = commit.output.get();
    if (output && !synced.contains(output)) synced.emplace(output, output->sync());
    results.push_back(output ? synced.at(output) : Result<void>());
    if (!results.back()) commit.chain->break_off();
  }
  return results;
}

void Committer::commit_states(Group& group, Results& results) {
  PipelineStates last;
  const int64_t now = clock_.wall_ns();
  for (size_t i = 0; i < group.size(); ++i) {
    if (!results[i]) continue;
    Commit& commit = group[i].last;
    commit.state.updated_ns = now;
    last.insert_or_assign(commit.pipeline, std::move(commit.state));
  }
  if (last.empty()) return;
  const Result<void> committed = state_.commit(last);
  if (committed) return;
  for (size_t i = 0; i < group.size(); ++i) {
    if (!results[i]) continue;
    group[i].last.chain->break_off();
    results[i] = committed;
  }
}

}  // namespace host
