#include "host_sim/state_store.hpp"

#include "host_sim/sha256.hpp"

namespace host {
namespace {

// Fields with their sizes, so that no two rows run into the same bytes.
std::string digest_of(const std::string& name, const PipelineState& state) {
  Sha256 digest;
  const auto add = [&digest](std::string_view field) {
    digest.add(std::to_string(field.size()) + ":");
    digest.add(field);
  };
  for (const std::string_view field :
       {std::string_view(name), std::string_view(state.plugin), std::string_view(state.checkpoint),
        std::string_view(state.output.kind), std::string_view(state.output.path)})
    add(field);
  for (const int64_t field :
       {static_cast<int64_t>(state.output.device), static_cast<int64_t>(state.output.inode),
        state.output.born_ns, state.output.position, state.ours_until, state.records,
        state.updated_ns})
    add(std::to_string(field));
  return digest.end();
}

void bind_state(Statement& row, const std::string& name, const PipelineState& state,
                std::string_view digest) {
  row.bind(1, std::string_view(name)).bind(2, std::string_view(state.plugin));
  row.bind_blob(3, state.checkpoint).bind(4, std::string_view(state.output.kind));
  row.bind(5, std::string_view(state.output.path));
  row.bind(6, static_cast<int64_t>(state.output.device));
  row.bind(7, static_cast<int64_t>(state.output.inode)).bind(8, state.output.born_ns);
  row.bind(9, state.output.position).bind(10, state.ours_until);
  row.bind(11, state.records).bind(12, state.updated_ns).bind_blob(13, digest);
}

PipelineState state_of(const Statement& row) {
  return {.plugin = row.text(1),
          .checkpoint = row.blob(2),
          .output = {.kind = row.text(3),
                     .path = row.text(4),
                     .device = static_cast<uint64_t>(row.integer(5)),
                     .inode = static_cast<uint64_t>(row.integer(6)),
                     .born_ns = row.integer(7),
                     .position = row.integer(8)},
          .ours_until = row.integer(9),
          .records = row.integer(10),
          .updated_ns = row.integer(11)};
}

Error damaged(const std::string& name) {
  return {Status::kCheckpoint,
          "the state of pipeline " + name +
              " is damaged; restore the state from a copy, or begin the pipeline anew with "
              "`state reset MANIFEST " +
              name + "`"};
}

}  // namespace

Result<void> check_maker(const PipelineState& state, const std::string& plugin,
                         const std::string& name) {
  if (state.plugin == plugin) return {};
  return Error{Status::kCheckpoint, "its state was made by the plugin " + state.plugin +
                                        ", and the manifest names " + plugin +
                                        "; give the pipeline another name, or begin anew with "
                                        "`state reset MANIFEST " +
                                        name + "`"};
}

StateStore::StateStore(std::filesystem::path path, std::optional<StateLock> lock, Database database,
                       bool first_run)
    : path_(std::move(path)),
      file_(file_id(path_)),
      lock_(std::move(lock)),
      database_(std::move(database)),
      first_run_(first_run) {}

Result<std::unique_ptr<StateStore>> StateStore::open(const std::filesystem::path& path,
                                                     const CrashPoints& crash_points) {
  const Result<void> is_file = refuse_what_is_shared_or_no_file(path);
  if (!is_file) return is_file.error();
  Result<StateLock> lock = StateLock::take(path);
  if (!lock) return std::move(lock).error();
  Result<OpenedState> opened = open_state_file(path, *lock, crash_points);
  if (!opened) return std::move(opened).error();
  return std::unique_ptr<StateStore>(
      new StateStore(path, *std::move(lock), std::move(opened->database), opened->first_run));
}

Result<std::unique_ptr<StateStore>> StateStore::open_to_ask(const std::filesystem::path& path) {
  const Result<void> is_file = refuse_what_is_shared_or_no_file(path);
  if (!is_file) return is_file.error();
  Result<StateLock> lock = StateLock::hold(path);
  if (!lock) return std::move(lock).error();
  Result<std::optional<Database>> opened = open_state_file_to_look(path);
  if (!opened) return std::move(opened).error();
  if (!*opened) return std::unique_ptr<StateStore>();
  const Result<void> usable = check_state_can_be_written(path);
  if (!usable) return usable.error();
  return std::unique_ptr<StateStore>(
      new StateStore(path, *std::move(lock), *std::move(*opened), false));
}

Result<std::unique_ptr<StateStore>> StateStore::open_to_look(const std::filesystem::path& path) {
  Result<std::optional<Database>> opened = open_state_file_to_look(path);
  if (!opened) return std::move(opened).error();
  if (!*opened) return std::unique_ptr<StateStore>();
  return std::unique_ptr<StateStore>(new StateStore(path, {}, *std::move(*opened), false));
}

Result<std::vector<std::string>> StateStore::names() {
  const std::lock_guard lock(mutex_);
  Result<Statement> rows = database_.prepare("SELECT name FROM pipelines ORDER BY name");
  if (!rows) return std::move(rows).error();
  std::vector<std::string> names;
  for (;;) {
    const Result<bool> row = rows->step();
    if (!row) return row.error();
    if (!*row) return names;
    names.push_back(rows->text(0));
  }
}

Result<PipelineStates> StateStore::pipelines() {
  const std::lock_guard lock(mutex_);
  return read("SELECT * FROM pipelines ORDER BY name", "");
}

Result<std::optional<PipelineState>> StateStore::pipeline(const std::string& name) {
  const Result<void> buried = bury_failed_commit();
  if (!buried) return buried.error();
  const std::lock_guard lock(mutex_);
  Result<PipelineStates> found = read("SELECT * FROM pipelines WHERE name = ?", name);
  if (!found) return std::move(found).error();
  if (found->empty()) return std::optional<PipelineState>();
  return std::optional<PipelineState>(std::move(found->begin()->second));
}

Result<PipelineStates> StateStore::read(const char* sql, const std::string& name) {
  Result<Statement> rows = database_.prepare(sql);
  if (!rows) return std::move(rows).error();
  if (!name.empty()) rows->bind(1, std::string_view(name));
  PipelineStates states;
  for (;;) {
    const Result<bool> row = rows->step();
    if (!row) return row.error();
    if (!*row) return states;
    const std::string key = rows->text(0);
    PipelineState state = state_of(*rows);
    if (rows->blob(12) != digest_of(key, state)) return damaged(key);
    states.emplace(key, std::move(state));
  }
}

Result<void> StateStore::in_transaction(const std::function<Result<void>()>& body, Sync sync) {
  const std::lock_guard lock(mutex_);
  Result<void> done = set_sync(sync);
  if (done) done = database_.execute("BEGIN IMMEDIATE");
  if (!done) return done;
  done = body();
  if (done) {
    done = database_.execute("COMMIT");
    may_come_back_ = !done;
  }
  // What failed may have ended the transaction by itself; then there is nothing to take back.
  if (!done) static_cast<void>(database_.execute("ROLLBACK"));
  return done;
}

// Where the disk fails at its sync, a transaction stands whole in the log although it failed. An
// output that is cut back to the commit before would then lie behind the one that a crash brings
// back. The next transaction takes its place; it has to change something, or nothing is written.
Result<void> StateStore::bury_failed_commit() {
  if (!may_come_back_) return {};
  return in_transaction([&]() -> Result<void> {
    Result<void> changed = database_.execute("UPDATE host SET run = run + 1");
    return changed ? database_.execute("UPDATE host SET run = run - 1") : changed;
  });
}

Result<void> StateStore::put(const PipelineStates& states) {
  constexpr const char* kPut = "INSERT OR REPLACE INTO pipelines VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)";
  std::string digest;
  return run_each(database_, kPut, states, [&digest](Statement& row, const auto& entry) {
    digest = digest_of(entry.first, entry.second);
    bind_state(row, entry.first, entry.second, digest);
  });
}

Result<void> StateStore::set_sync(Sync sync) {
  if (sync == sync_) return {};
  const bool now = sync == Sync::kNow;
  Result<void> set =
      database_.execute_all(now ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (set) sync_ = sync;
  return set;
}

Result<void> StateStore::check_is_in_place() const {
  if (file_id(path_) == file_) return lock_ ? lock_->check_is_in_place() : Result<void>();
  return Error{Status::kTransient,
               path_.string() +
                   ": the state file was removed or replaced while the host runs; put it back, or "
                   "restart the host"};
}

Result<void> StateStore::commit(const PipelineStates& group, const NewReports& reports, Sync sync) {
  const Result<void> in_place = check_is_in_place();
  if (!in_place) return in_place;
  int64_t number = 0;
  const auto all = [&]() -> Result<void> {
    Result<void> done = put(group);
    if (done) done = put_reports(database_, reports);
    if (!done) return done;
    const Result<int64_t> counted =
        database_.integer("UPDATE host SET commits = commits + 1 RETURNING commits");
    if (!counted) return counted.error();
    number = *counted;
    return {};
  };
  const Result<void> done = in_transaction(all, sync);
  if (done && sync == Sync::kNow && lock_) lock_->note_commit(number);
  return done;
}

Result<std::map<std::string, StateReport>> StateStore::reports() {
  const std::lock_guard lock(mutex_);
  return read_reports(database_);
}

Result<void> StateStore::replace(const std::vector<std::string>& remove,
                                 const PipelineStates& add) {
  return in_transaction([&]() -> Result<void> {
    Result<void> removed = run_each(
        database_, "DELETE FROM pipelines WHERE name = ?", remove,
        [](Statement& row, const std::string& name) { row.bind(1, std::string_view(name)); });
    if (removed) removed = forget_reports(database_, remove);
    std::vector<std::string> replaced;
    for (const auto& [name, state] : add) replaced.push_back(name);
    if (removed) removed = forget_reports(database_, replaced);
    return removed ? put(add) : removed;
  });
}

}  // namespace host
