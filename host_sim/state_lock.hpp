// Keeps a second host away from a state, and remembers that there was one.
#pragma once

#include <filesystem>

#include "host_sim/descriptor.hpp"
#include "host_sim/file_id.hpp"
#include "plugin_api/connector_plugin.hpp"

namespace host {

// The file `<state>.lock`, mode 0600, locked with flock for the life of the object and never
// removed. Five lines:
//   host process 0000012345         the host that holds it, or held it last
//   state made                      from the moment that the state file exists for good
//   run 0000000042                  the last run that was begun with it
//   file 00000000000000000007 00000001764300000000   inode and time of birth of its state
//   commit 00000000000000000815     the last commit that is known to be durable
// The second line is what tells a state that was lost from a first run; the others tell a copy,
// which may be older than what was written since: of the state alone, or of both.
class StateLock {
 public:
  // The error names the host that holds it.
  static connector::Result<StateLock> take(const std::filesystem::path& state);

  // Takes it as it is and changes nothing, or takes nothing where it is not there yet: then there
  // was no run with it, either. The same error.
  static connector::Result<StateLock> hold(const std::filesystem::path& state);

  // Of any state, locked or not.
  static bool state_was_made(const std::filesystem::path& state);
  // Durable when it returns.
  connector::Result<void> note_state_made();
  // Else another host can have taken one of the same name, and uses the state by now.
  connector::Result<void> check_is_in_place() const;
  int64_t last_run() const;  // 0 before the first
  // False where that was begun with another file, or it is not known that it was begun with this
  // lock. The device is left out: its number may change when the system starts.
  bool last_run_had(const FileId& state) const;
  // Durable when it returns.
  connector::Result<void> note_run(int64_t run, const FileId& state);
  int64_t last_commit() const;  // 0 before the first
  // Not synced, and not told where it fails: after a power cut it may lie behind. Only of a commit
  // that no power cut takes back, or its state would be taken for an older copy.
  void note_commit(int64_t number);

 private:
  StateLock(Descriptor file, std::filesystem::path path);

  Descriptor file_;
  std::filesystem::path path_;
};

}  // namespace host
