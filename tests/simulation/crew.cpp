#include "tests/simulation/crew.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>
#include <vector>

namespace simulation {
namespace {

constexpr double kHangsAfter = 600;  // real seconds; a world takes one or two
constexpr int kLookEveryMs = 1'000;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void tell(int pipe, const std::string& text) {
  for (size_t sent = 0; sent < text.size();) {
    const ssize_t written = ::write(pipe, text.data() + sent, text.size() - sent);
    if (written < 0 && errno != EINTR) return;
    sent += written > 0 ? static_cast<size_t>(written) : 0;
  }
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Crew::~Crew() {
  for (const auto& [process, member] : members_) {
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    ::close(member.pipe);
  }
}

void Crew::begin(uint64_t seed) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t process = ::fork();
  if (process < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (process == 0) {
    ::close(ends[0]);
    tell(ends[1], encode(work_(seed)));
    ::_exit(0);
  }
  ::close(ends[1]);
  members_.emplace(process, Member{seed, ends[0], now_s(), {}});
}

Outcome Crew::next() {
  for (;;) {
    std::vector<pollfd> looks;
    std::vector<pid_t> processes;
    for (const auto& [process, member] : members_) {
      looks.push_back({member.pipe, POLLIN, 0});
      processes.push_back(process);
    }
    ::poll(looks.data(), looks.size(), kLookEveryMs);
    for (size_t i = 0; i < looks.size(); ++i)
      if (looks[i].revents != 0 && !hear(members_.at(processes[i]))) return finish(processes[i]);
    end_those_that_hang();
  }
}

// False at its end.
bool Crew::hear(Member& member) {
  char bytes[65'536];
  const ssize_t got = ::read(member.pipe, bytes, sizeof bytes);
  if (got > 0) member.told.append(bytes, static_cast<size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

Outcome Crew::finish(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  const Member member = std::move(members_.at(process));
  members_.erase(process);
  ::close(member.pipe);
  try {
    return decode(member.told);
  } catch (const std::exception&) {
    return {.seed = member.seed,
            .breach = "the world's process ended with " + how_it_ended(status)};
  }
}

void Crew::end_those_that_hang() {
  for (const auto& [process, member] : members_)
    if (now_s() - member.begin_s > kHangsAfter) ::kill(process, SIGABRT);
}

}  // namespace simulation
