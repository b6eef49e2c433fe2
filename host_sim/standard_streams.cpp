#include "host_sim/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <ostream>

#include "host_sim/command_line.hpp"

namespace host {

void fill_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    // The lowest number that is free is this one. It stays open for the life of the process.
    const int flags = stream == STDERR_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", flags) != stream) ::_exit(kExitFailed);
  }
}

bool can_be_written(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags != -1 && (flags & O_ACCMODE) != O_RDONLY;
}

int printed(int exit_code, std::ostream& out, std::ostream& err) {
  if (out.flush()) return exit_code;
  err << "host_sim: stdout cannot be written; what was printed is incomplete" << std::endl;
  return exit_code == kExitDone ? kExitFailed : exit_code;
}

}  // namespace host
