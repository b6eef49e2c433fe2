#include "host_sim/committer.hpp"

#include <utility>

namespace host {
namespace {

// Lets the output go before the pipeline hears of it, because it may open the file anew at once.
void finish(Commit& commit, const std::vector<Commit::Done>& earlier, const Result<void>& result) {
  commit.output.reset();
  for (const Commit::Done& done : earlier) done(result);
  commit.done(result);
}

// The newer state says all that the older one does; what was written, and whether it matters,
// stays.
void inherit(const Commit& older, Commit& newer) {
  if (!newer.output) newer.output = older.output;
  if (!newer.gauges) newer.gauges = older.gauges;
  newer.urgent = newer.urgent || older.urgent;
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
    inherit(waiting.last, commit);
    waiting.earlier.push_back(std::move(waiting.last.done));
    waiting.last = std::move(commit);
    return;
  }
  clock_.work_begins();
  waiting_.push_back({std::move(commit), {}});
  if (waiting_.size() == 1) work_.notify_one();
}

void Committer::hurry() {
  const std::lock_guard lock(mutex_);
  hurried_ = true;
  if (with_thread_) work_.notify_one();
}

void Committer::note_error(const std::string& pipeline, LastError error) {
  {
    const std::lock_guard lock(mutex_);
    errors_.insert_or_assign(pipeline, std::move(error));
    new_errors_ = true;
  }
  if (with_thread_)
    work_.notify_one();
  else
    write_errors();
}

void Committer::drain() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return waiting_.empty() && !new_errors_ && !busy_; });
}

CommitCounts Committer::counts() const {
  return {.groups = groups_, .synced_groups = synced_groups_, .output_syncs = output_syncs_};
}

void Committer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return ending_ || new_errors_ || !waiting_.empty(); });
    work_.wait_until(lock, next_group_, [this] { return ending_ || hurried_; });
    if (ending_) return;
    hurried_ = false;
    next_group_ = std::chrono::steady_clock::now() + kBetweenGroups;
    Group group = std::exchange(waiting_, {});
    places_.clear();
    const size_t size = group.size();
    busy_ = true;
    lock.unlock();
    if (group.empty())
      write_errors();
    else
      make_durable(std::move(group));
    for (size_t i = 0; i < size; ++i) clock_.work_ends();
    lock.lock();
    busy_ = false;
    if (waiting_.empty() && !new_errors_) idle_.notify_all();
  }
}

std::map<std::string, LastError> Committer::take_errors() {
  const std::lock_guard lock(mutex_);
  new_errors_ = false;
  return std::exchange(errors_, {});
}

// Later ones are newer.
void Committer::put_back(std::map<std::string, LastError> errors) {
  const std::lock_guard lock(mutex_);
  errors_.merge(errors);
}

// No output is concerned, and none has to wait for it.
void Committer::write_errors() {
  NewReports reports{.errors = take_errors()};
  if (!state_.commit({}, reports, StateStore::Sync::kLater)) put_back(std::move(reports.errors));
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
    if (output && !synced.contains(output)) {
      synced.emplace(output, output->sync());
      ++output_syncs_;
    }
    results.push_back(output ? synced.at(output) : Result<void>());
    if (!results.back()) commit.chain->break_off();
  }
  return results;
}

void Committer::commit_states(Group& group, Results& results) {
  PipelineStates last;
  NewReports reports;
  const int64_t now = clock_.wall_ns();
  bool urgent = false;
  for (size_t i = 0; i < group.size(); ++i) {
    if (!results[i]) continue;
    Commit& commit = group[i].last;
    urgent = urgent || commit.urgent;
    commit.state.updated_ns = now;
    if (std::string gauges = commit.gauges ? commit.gauges() : ""; !gauges.empty())
      reports.gauges.insert_or_assign(commit.pipeline, std::move(gauges));
    last.insert_or_assign(commit.pipeline, std::move(commit.state));
  }
  if (last.empty()) return;
  reports.errors = take_errors();
  ++groups_;
  if (urgent) ++synced_groups_;
  const auto sync = urgent ? StateStore::Sync::kNow : StateStore::Sync::kLater;
  const Result<void> committed = state_.commit(last, reports, sync);
  if (committed) return;
  put_back(std::move(reports.errors));
  for (size_t i = 0; i < group.size(); ++i) {
    if (!results[i]) continue;
    group[i].last.chain->break_off();
    results[i] = committed;
  }
}

}  // namespace host
