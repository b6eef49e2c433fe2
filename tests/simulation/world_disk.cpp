// What the disk does in a world: what it keeps, what it refuses, and what a power cut leaves of it.
#include <algorithm>
#include <utility>

#include "tests/simulation/second_pipeline.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/synced_files.hpp"

namespace simulation {
namespace {

constexpr const char* kOutputs = ".ndjson";
constexpr const char* kLog = "-wal";  // of the state: what a commit writes and syncs

}  // namespace

// What the disk was asked to keep of the output, and what of stdout was read by somebody.
void World::note_durable() {
  const int64_t size = size_of(world_.output());
  durable_bytes_ = plan_.to_stdout ? size : test_support::synced_bytes(world_.output());
  if (durable_bytes_ >= size) durable_lines_ = lines_;
}

// What fails is only what is written or synced just now.
void World::go_on_with_disk(std::string_view where) {
  mend_disk();
  if (where == "after_commit")
    history_.keepings.push_back({now_ns(), std::exchange(commit_is_refused_, false)});
  const bool writes = where == "before_write" || where == "amid_write";
  const bool is_spoilt = (writes && spoil_write()) || (where == "before_sync" && spoil_sync()) ||
                         (where == "before_commit" && spoil_commit());
  if (!is_spoilt) return;
  spoilt_ns_ = now_ns();
  is_commit_spoilt_ = !writes;
  world_.clock().at(now_ns() + 1, [this] { mend_disk(); });
}

// A refused write is one of its own; a commit is refused with the sync before it. One without
// records needs no sync, and one that the state's log has meanwhile may fail.
void World::mend_disk() {
  const BadDisk::Refused refused = disk_.mend();
  if (refused == BadDisk::Refused::kNothing) return;
  if (is_commit_spoilt_)
    commit_is_refused_ = commit_is_refused_ || wrote_ || refused == BadDisk::Refused::kWrite;
  else
    history_.keepings.push_back({spoilt_ns_, true});
}

// A write amid which the room ends leaves a part of itself.
bool World::spoil_write() {
  if (holds(TroubleKind::kOutputFull))
    disk_.take_room(size_of(world_.output()) + dice_.between(0, 100));
  else if (holds(TroubleKind::kOutputBroken) && dice_.chance(0.5))
    disk_.break_write(kOutputs);
  else
    return false;
  return true;
}

bool World::spoil_sync() {
  if (!holds(TroubleKind::kOutputBroken)) return false;
  disk_.break_sync(kOutputs);
  return true;
}

bool World::spoil_commit() {
  if (holds(TroubleKind::kStateFull))
    disk_.take_room(0);
  else if (!holds(TroubleKind::kStateBroken))
    return false;
  else if (dice_.chance(0.5))
    disk_.break_write(kLog);
  else
    disk_.break_sync(kLog);
  return true;
}

bool World::holds(TroubleKind kind) {
  return std::any_of(plan_.troubles.begin(), plan_.troubles.end(), [&](const Trouble& trouble) {
    return trouble.kind == kind && ns_at(trouble.from_ns) <= now_ns() &&
           now_ns() < ns_at(trouble.to_ns);
  });
}

void World::recount() {
  const std::vector<std::string> lines = world_.lines();
  lines_ = static_cast<int64_t>(lines.size());
  is_there_.assign(is_there_.size(), false);
  for (const std::string& line : lines)
    if (const auto found = record_of_.find(line); found != record_of_.end())
      is_there_[found->second] = true;
  durable_lines_ = std::min(durable_lines_, lines_);
  durable_bytes_ = std::min(durable_bytes_, size_of(world_.output()));
}

std::filesystem::path World::second_output() const { return world_.folder() / kSecondOutput; }

// What stands on stdout was read by somebody.
void World::lose_power(double survives) {
  power_cut_.put_state_back(survives);
  if (plan_.has_second)
    lose_tail(second_output(), test_support::synced_bytes(second_output()), survives);
  if (plan_.to_stdout || !lose_tail(world_.output(), durable_bytes_, survives)) return;
  recount();
}

}  // namespace simulation
