// What has to be known after a crash: how far each pipeline's output was durable, and the
// checkpoint that belongs to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host_sim/output.hpp"
#include "host_sim/state_file.hpp"
#include "host_sim/state_reports.hpp"

namespace host {

// Where one pipeline has got to: checkpoint, output and counters of one moment.
struct PipelineState {
  std::string plugin = {};      // whose checkpoint it is
  std::string checkpoint = {};  // empty before the first batch
  OutputPosition output = {};
  // What stands in a file behind that position is ours up to this byte: all of it while a run may
  // still write, unless it ends well.
  int64_t ours_until = kAllIsOurs;
  int64_t records = 0;     // delivered so far
  int64_t updated_ns = 0;  // wall clock
  bool operator==(const PipelineState&) const = default;
};

// CHECKPOINT where another plugin made the state of the pipeline `name`.
Result<void> check_maker(const PipelineState& state, const std::string& plugin,
                         const std::string& name);

using PipelineStates = std::map<std::string, PipelineState>;  // by the pipeline's name

// An SQLite database, mode 0600, application_id 0x41494B53, user_version 3, in WAL mode with
// synchronous=FULL, but for commits that need not survive a power cut. Its tables:
//   pipelines  one row each: the members above, and `digest`, the SHA-256 of all of them with their
//              sizes, so that a row that was damaged on the disk is noticed
//   pace       key -> wall time before which no slot of it may be taken; written when a service
//              asks to be left alone, and at the end
//   host       one row: clean_end is 0 from the start of a run to its clean end; run counts them,
//              and commits all commits there ever were; none were counted before version 3
//   gauges, errors  see state_reports.hpp; version 1 had none
// Any thread.
class StateStore {
 public:
  // The lock is held for the life of the store. TRANSIENT when another host holds it or the place
  // cannot be used, CONFIG when it is no regular file or one of several names, CHECKPOINT when the
  // file is refused; the texts give the remedies.
  static Result<std::unique_ptr<StateStore>> open(const std::filesystem::path& path,
                                                  const CrashPoints& crash_points = {});
  // With the lock, for a question: neither the state nor the lock's file is changed. The same
  // errors, also where no run could write to the state; null where there is none.
  static Result<std::unique_ptr<StateStore>> open_to_ask(const std::filesystem::path& path);
  // Without the lock, for a look; null where there is no state.
  static Result<std::unique_ptr<StateStore>> open_to_look(const std::filesystem::path& path);

  bool first_run() const { return first_run_; }

  // Every pipeline that has a row, also where the row is damaged.
  Result<std::vector<std::string>> names();
  Result<PipelineStates> pipelines();
  // What it answers no crash can change: a commit that failed is overwritten first.
  Result<std::optional<PipelineState>> pipeline(const std::string& name);
  // kLater: a power cut may take it back, with all later ones, until something is committed with
  // kNow. A crash of the process never does.
  enum class Sync { kNow, kLater };
  // All or none; with kNow durable when it returns. TRANSIENT also while the file that is open is
  // not the one at its path: a commit that no later run would find.
  Result<void> commit(const PipelineStates& group, const NewReports& reports = {},
                      Sync sync = Sync::kNow);
  // By pipeline; also of one that has failed and never committed.
  Result<std::map<std::string, StateReport>> reports();
  // Removes first, then adds: all or none. What any of them has told of itself goes.
  Result<void> replace(const std::vector<std::string>& remove, const PipelineStates& add);

  // How the last run ended, and the pace that it left. The mark of a clean end is taken away.
  struct LastRun {
    bool clean_end = false;
    std::map<std::string, int64_t> next_slots_ns;  // wall clock
  };
  // Where the state may be older than the output, it notes that nobody knows who wrote what stands
  // behind its positions.
  Result<LastRun> begin_run();
  // The lock has seen later runs or commits than the state, or another file: that may be a copy of
  // an older one. Nothing is changed.
  Result<bool> may_be_older();
  // The same, and nothing is changed.
  Result<LastRun> last_run();
  // `ours_until` by pipeline; `clean` where nothing else is left torn.
  Result<void> end_run(const std::map<std::string, int64_t>& next_slots_ns,
                       const std::map<std::string, int64_t>& ours_until, bool clean);
  // The pace alone, so that it outlives a crash; how the run ends is not touched.
  Result<void> keep_slots(const std::map<std::string, int64_t>& next_slots_ns);

 private:
  StateStore(std::filesystem::path path, std::optional<StateLock> lock, Database database,
             bool first_run);

  Result<void> in_transaction(const std::function<Result<void>()>& body, Sync sync = Sync::kNow);
  Result<void> check_is_in_place() const;
  Result<void> set_sync(Sync sync);
  Result<void> bury_failed_commit();
  Result<void> put(const PipelineStates& states);
  Result<void> put_slots(const std::map<std::string, int64_t>& next_slots_ns);
  Result<void> put_ours_until(const std::map<std::string, int64_t>& ours_until);
  struct Counts {
    int64_t runs = 0;
    int64_t commits = 0;
  };
  Result<Counts> counts();
  bool is_copy(const Counts& known) const;
  bool may_be_older(const Counts& known) const;
  Result<int64_t> count_run();
  Result<LastRun> read_last_run();
  Result<PipelineStates> read(const char* sql, const std::string& name);

  const std::filesystem::path path_;
  const std::optional<FileId> file_;  // what is open
  std::mutex mutex_;
  std::optional<StateLock> lock_;  // released after the database is closed
  Database database_;
  Sync sync_ = Sync::kNow;  // as the database is set
  // The last commit failed, and may stand in the log all the same: a crash would bring it back.
  std::atomic<bool> may_come_back_ = false;
  const bool first_run_;
};

}  // namespace host
