#include "host_sim/stdout_output.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>

namespace host {
namespace {

Error write_error(int code) {
  if (code == EPIPE)
    return {Status::kCancelled, "stdout: its reader has gone; nothing more can be delivered"};
  return {Status::kTransient, "stdout: cannot be written (" +
                                  std::generic_category().message(code) +
                                  "); collection goes on as soon as it can"};
}

// What a pipe takes without blocking once it says that it has room.
constexpr size_t kMostAtOnce = PIPE_BUF;
// A reader that is at it still gets the end of its batch: a quarter of a second in all.
constexpr int kSlice = 10;  // milliseconds
constexpr int kSlices = 25;

}  // namespace

Result<void> StdoutOutput::write(std::string_view lines) {
  const std::lock_guard lock(to_.mutex);
  const Result<void> ended = to_.is_amid_line ? append("\n") : Result<void>();
  return ended ? append(lines) : ended;
}

Result<void> StdoutOutput::append(std::string_view bytes) {
  int patience = kSlices;
  while (!bytes.empty()) {
    Result<void> room = wait_for_room(patience);
    if (!room) return room;
    const ssize_t written =
        ::write(to_.descriptor, bytes.data(), std::min(bytes.size(), kMostAtOnce));
    if (written > 0) {
      to_.is_amid_line = bytes[static_cast<size_t>(written) - 1] != '\n';
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (written < 0 && errno != EINTR && errno != EAGAIN) {
      return write_error(errno);
    }
  }
  return {};
}

// Without end, until the host stops.
Result<void> StdoutOutput::wait_for_room(int& patience) const {
  pollfd waiting[] = {{to_.descriptor, POLLOUT, 0}, {to_.stopping.number(), POLLIN, 0}};
  while (::poll(waiting, 2, -1) < 0 && errno == EINTR) continue;
  while (waiting[0].revents == 0 && patience > 0) {
    --patience;
    ::poll(waiting, 1, kSlice);
  }
  if (waiting[0].revents != 0) return {};
  return Error{Status::kCancelled,
               "stdout: its reader does not read; what it did not take is read again"};
}

Result<void> StdoutOutput::sync() {
  struct stat about {};
  const bool is_file = ::fstat(to_.descriptor, &about) == 0 && S_ISREG(about.st_mode);
  if (is_file && ::fdatasync(to_.descriptor) != 0) return write_error(errno);
  return {};
}

}  // namespace host
