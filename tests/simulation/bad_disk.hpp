// A disk without room, or one that fails: for the moment of one write or sync, so that the real
// calls fail.
#pragma once

#include <cstdint>
#include <string>

namespace simulation {

// One at a time in a process, which ignores SIGXFSZ. The destructor mends it.
class BadDisk {
 public:
  BadDisk() = default;
  ~BadDisk() { mend(); }
  BadDisk(const BadDisk&) = delete;
  BadDisk& operator=(const BadDisk&) = delete;

  // While it is good. No file may grow beyond `bytes`.
  void take_room(int64_t bytes);
  // The next write into a file with this end of its name fails, or its next sync.
  void break_write(const std::string& name_end);
  void break_sync(const std::string& name_end);
  enum class Refused { kNothing, kWrite, kSync };
  // What it has refused meanwhile; what finds no room is taken to have been tried.
  Refused mend();

 private:
  enum class State { kGood, kFull, kWriteBroken, kSyncBroken };
  State state_ = State::kGood;
};

}  // namespace simulation
