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
  const std::lock_guard lock(mutex_);
  while (!lines.empty()) {
    const ssize_t written = ::write(descriptor_, lines.data(), lines.size());
    if (written >= 0) {
      lines.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      wait_for_room(descriptor_);
    } else if (errno != EINTR) {
      return write_error(errno);
    }
  }
  return {};
}

Result<void> StdoutOutput::sync() {
  struct stat about {};
  const bool is_file = ::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode);
  if (is_file && ::fdatasync(descriptor_) != 0) return write_error(errno);
  return {};
}

}  // namespace host
