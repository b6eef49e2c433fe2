#include "tests/support/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 leaves this to its user
#include <sys/pidfd.h>
}

#include <csignal>
#include <system_error>
#include <utility>

namespace test_support {
namespace {

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) check(errno, "pipe2");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {ends[0], ends[1]};
}

std::vector<std::string> merged(const Environment& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text(*entry);
    if (!added.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

pid_t spawn(Arguments arguments, const Environment& added, const std::filesystem::path& folder,
            int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  std::vector<std::string> environment = merged(added);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, arguments.at(0).c_str(), &actions, nullptr,
                                pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  check(error, "cannot start " + arguments[0]);
  return pid;
}

ProgramEnd end_of(int process) {
  siginfo_t info{};
  waitid(P_PIDFD, static_cast<id_t>(process), &info, WEXITED);
  ProgramEnd end;
  (info.si_code == CLD_EXITED ? end.exit_code : end.signal) = info.si_status;
  return end;
}

}  // namespace

Program::Program(const Arguments& arguments, const Environment& environment,
                 const std::filesystem::path& folder) {
  const Pipe out = make_pipe();
  const Pipe err = make_pipe();
  out_file_ = out.read_end;
  err_file_ = err.read_end;
  pid_ = spawn(arguments, environment, folder, out.write_end, err.write_end);
  close(out.write_end);
  close(err.write_end);
  process_ = pidfd_open(pid_, 0);
  if (process_ < 0) check(errno, "pidfd_open");
  reader_ = std::thread([this] { collect(); });
}

Program::~Program() {
  signal(SIGKILL);
  reader_.join();
  for (const int file : {out_file_, err_file_, process_}) close(file);
}

void Program::signal(int number) {
  const std::lock_guard lock(mutex_);
  if (!end_) pidfd_send_signal(process_, number, nullptr, 0);
}

void Program::collect() {
  pollfd files[] = {{out_file_, POLLIN, 0}, {err_file_, POLLIN, 0}, {process_, POLLIN, 0}};
  while (!(files[2].revents & POLLIN)) {
    poll(files, 3, -1);
    if (files[0].revents && !take(out_file_, out_)) files[0].fd = -1;
    if (files[1].revents && !take(err_file_, err_)) files[1].fd = -1;
  }
  // What was printed last may have come after the look at its pipe.
  take(out_file_, out_);
  take(err_file_, err_);
  const std::lock_guard lock(mutex_);
  end_ = end_of(process_);
  end_->out = out_;
  end_->err = err_;
  changed_.notify_all();
}

// Everything that is there. False at the end of the stream.
bool Program::take(int file, std::string& stream) {
  char buffer[16384];
  for (;;) {
    const ssize_t count = read(file, buffer, sizeof buffer);
    if (count <= 0) return count < 0;
    const std::lock_guard lock(mutex_);
    stream.append(buffer, static_cast<size_t>(count));
    changed_.notify_all();
  }
}

bool Program::wait_for(const std::string& stream, std::string_view text,
                       std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  const auto found = [&] { return stream.find(text) != std::string::npos; };
  changed_.wait_for(lock, limit, [&] { return end_ || found(); });
  return found();
}

bool Program::wait_for_out(std::string_view text, std::chrono::milliseconds limit) {
  return wait_for(out_, text, limit);
}

bool Program::wait_for_err(std::string_view text, std::chrono::milliseconds limit) {
  return wait_for(err_, text, limit);
}

std::optional<ProgramEnd> Program::wait(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return end_.has_value(); });
  return end_;
}

std::string Program::out() const {
  const std::lock_guard lock(mutex_);
  return out_;
}

std::string Program::err() const {
  const std::lock_guard lock(mutex_);
  return err_;
}

ProgramEnd run_program(const Arguments& arguments, const Environment& environment,
                       std::chrono::milliseconds limit) {
  Program program(arguments, environment);
  if (std::optional<ProgramEnd> end = program.wait(limit)) return *std::move(end);
  program.signal(SIGKILL);
  return program.wait(std::chrono::hours(1)).value_or(ProgramEnd{});
}

}  // namespace test_support
