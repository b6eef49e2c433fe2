// What a run leaves to the next one: how it ended, its pace, and whose the output's end is.
#include <algorithm>

#include "host_sim/state_store.hpp"

namespace host {
namespace {

constexpr int64_t kFirstSchemaWithCommits = 3;

}  // namespace

Result<StateStore::LastRun> StateStore::read_last_run() {
  LastRun last;
  const Result<int64_t> clean = database_.integer("SELECT clean_end FROM host");
  if (!clean) return clean.error();
  last.clean_end = *clean != 0;
  Result<Statement> rows = database_.prepare("SELECT key, next_slot_ns FROM pace");
  if (!rows) return std::move(rows).error();
  for (;;) {
    const Result<bool> row = rows->step();
    if (!row) return row.error();
    if (!*row) return last;
    last.next_slots_ns.emplace(rows->text(0), rows->integer(1));
  }
}

Result<StateStore::LastRun> StateStore::last_run() {
  const std::lock_guard lock(mutex_);
  return read_last_run();
}

Result<StateStore::LastRun> StateStore::begin_run() {
  LastRun last;
  int64_t run = 0;
  Result<void> done = in_transaction([&]() -> Result<void> {
    Result<LastRun> read = read_last_run();
    if (!read) return std::move(read).error();
    last = *std::move(read);
    const Result<int64_t> counted = count_run();
    if (!counted) return counted.error();
    run = *counted;
    return database_.execute("UPDATE host SET clean_end = 0");
  });
  if (done && lock_ && file_) done = lock_->note_run(run, *file_);
  if (!done) return std::move(done).error();
  return last;
}

// One of an earlier version, which a look leaves as it is, has not counted its commits.
Result<StateStore::Counts> StateStore::counts() {
  const Result<int64_t> version = database_.integer("PRAGMA user_version");
  if (!version) return version.error();
  const bool counts_commits = *version >= kFirstSchemaWithCommits;
  Result<Statement> row = database_.prepare(counts_commits ? "SELECT run, commits FROM host"
                                                           : "SELECT run, 0 FROM host");
  if (!row) return std::move(row).error();
  const Result<bool> there = row->step();
  if (!there) return there.error();
  return Counts{row->integer(0), row->integer(1)};
}

// Restored together with its lock, or while that says nothing of later runs, it may be older than
// the output all the same.
bool StateStore::is_copy(const Counts& known) const {
  return known.runs > 0 && lock_ && file_ && !lock_->last_run_had(*file_);
}

bool StateStore::may_be_older(const Counts& known) const {
  const bool behind_lock =
      lock_ && (lock_->last_run() > known.runs || lock_->last_commit() > known.commits);
  return behind_lock || is_copy(known);
}

Result<bool> StateStore::may_be_older() {
  const std::lock_guard lock(mutex_);
  const Result<Counts> known = counts();
  if (!known) return known.error();
  return may_be_older(*known);
}

Result<int64_t> StateStore::count_run() {
  const Result<Counts> known = counts();
  if (!known) return known.error();
  if (may_be_older(*known)) {
    Result<PipelineStates> states = read("SELECT * FROM pipelines", "");
    if (!states) return std::move(states).error();
    for (auto& [name, state] : *states) state.ours_until = kNobodyKnows;
    const Result<void> doubted = put(*states);
    if (!doubted) return doubted.error();
  }
  const int64_t run = std::max(lock_ ? lock_->last_run() : 0, known->runs) + 1;
  const int64_t commits = std::max(lock_ ? lock_->last_commit() : 0, known->commits);
  Result<Statement> note = database_.prepare("UPDATE host SET run = ?, commits = ?");
  if (!note) return std::move(note).error();
  const Result<bool> noted = note->bind(1, run).bind(2, commits).step();
  if (!noted) return noted.error();
  return run;
}

Result<void> StateStore::put_slots(const std::map<std::string, int64_t>& next_slots_ns) {
  Result<void> emptied = database_.execute("DELETE FROM pace");
  if (!emptied) return emptied;
  return run_each(database_, "INSERT INTO pace VALUES(?,?)", next_slots_ns,
                  [](Statement& row, const auto& slot) {
                    row.bind(1, std::string_view(slot.first)).bind(2, slot.second);
                  });
}

Result<void> StateStore::keep_slots(const std::map<std::string, int64_t>& next_slots_ns) {
  return in_transaction([&] { return put_slots(next_slots_ns); });
}

Result<void> StateStore::put_ours_until(const std::map<std::string, int64_t>& ours_until) {
  for (const auto& [name, until] : ours_until) {
    Result<PipelineStates> found = read("SELECT * FROM pipelines WHERE name = ?", name);
    if (!found) return std::move(found).error();
    for (auto& [key, state] : *found) state.ours_until = until;
    const Result<void> done = put(*found);
    if (!done) return done;
  }
  return {};
}

Result<void> StateStore::end_run(const std::map<std::string, int64_t>& next_slots_ns,
                                 const std::map<std::string, int64_t>& ours_until, bool clean) {
  return in_transaction([&]() -> Result<void> {
    Result<void> kept = put_slots(next_slots_ns);
    if (kept) kept = put_ours_until(ours_until);
    return kept && clean ? database_.execute("UPDATE host SET clean_end = 1") : kept;
  });
}

}  // namespace host
