// A disk without room: for the moment of one write the process may write no byte beyond a limit, so
// that the real calls fail.
#pragma once

#include <filesystem>
#include <string_view>

namespace simulation {

// One at a time in a process, which ignores SIGXFSZ. The destructor gives all room back.
class FullDisk {
 public:
  FullDisk() = default;
  ~FullDisk() { give_room(); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

  // No file may grow beyond `bytes`.
  void take_room(int64_t bytes);
  void give_room();

 private:
  bool full_ = false;
};

}  // namespace simulation
