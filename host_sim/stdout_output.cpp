#include "host_sim/stdout_output.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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

// A terminal or a pipe that somebody else made non-blocking.
void wait_for_room(int descriptor) {
  pollfd waiting{descriptor, POLLOUT, 0};
  ::poll(&waiting, 1, -1);
}

}  // namespace

Result<void> StdoutOutput::write(std::string_view lines) {
  const std::lock_guard lock(to_.mutex);
  const Result<void> ended = to_.is_amid_line ? append("\n") : Result<void>();
  return ended ? append(lines) : ended;
}

Result<void> StdoutOutput::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to_.descriptor, bytes.data(), bytes.size());
    if (written > 0) {
      to_.is_amid_line = bytes[static_cast<size_t>(written) - 1] != '\n';
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {
      wait_for_room(to_.descriptor);
    } else if (written < 0 && errno != EINTR) {
      return write_error(errno);
    }
  }
  return {};
}

Result<void> StdoutOutput::sync() {
  struct stat about {};
  const bool is_file = ::fstat(to_.descriptor, &about) == 0 && S_ISREG(about.st_mode);
  if (is_file && ::fdatasync(to_.descriptor) != 0) return write_error(errno);
  return {};
}

}  // namespace host
