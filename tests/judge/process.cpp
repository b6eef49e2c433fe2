#include "tests/judge/process.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <system_error>

namespace judge {
namespace {

// What the child tells; in memory that both share and that outlives the child.
struct Report {
  CallInProgress call = nullptr;
  std::atomic<bool> complete = false;
  bool kept = false;
  size_t size = 0;
  char detail[8192] = {};
};

using SharedReport = std::unique_ptr<Report, void (*)(Report*)>;

SharedReport shared_report() {
  void* memory =
      mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return {new (memory) Report, [](Report* report) { munmap(report, sizeof *report); }};
}

void tell(Report& report, bool kept, const std::string& detail) {
  report.kept = kept;
  report.size = std::min(detail.size(), sizeof report.detail);
  std::memcpy(report.detail, detail.data(), report.size);
  report.complete = true;
}

[[noreturn]] void be_the_child(const Law& law, Subject subject, Report& report) {
  dup2(STDERR_FILENO, STDOUT_FILENO);  // stdout is the judge's, whatever the plugin prints
  subject.call = &report.call;
  try {
    tell(report, true, law.judge(subject));
  } catch (const std::exception& breach) {
    tell(report, false, breach.what());
    _exit(0);  // at once: what broke the law may break the way out as well
  }
  std::exit(0);  // by the usual way, with the plugin's own exit handlers
}

std::string where(const Report& report) {
  const char* call = report.call;
  if (call) return std::string(" in ") + call;
  return report.complete ? " after its last call, on exit" : " between two calls";
}

// False when the child was still running at the limit, and was killed.
bool ended_in_time(pid_t child, int limit_seconds, int& status) {
  pollfd ended{static_cast<int>(syscall(SYS_pidfd_open, child, 0)), POLLIN, 0};
  if (ended.fd < 0) throw std::system_error(errno, std::generic_category(), "pidfd_open");
  const bool in_time = poll(&ended, 1, limit_seconds * 1000) == 1;
  close(ended.fd);
  if (!in_time) kill(child, SIGKILL);
  waitpid(child, &status, 0);
  return in_time;
}

}  // namespace

Verdict judge_apart(const Law& law, const Subject& subject, int limit_seconds) {
  const SharedReport report = shared_report();
  std::fflush(nullptr);  // or the child would print it again
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) be_the_child(law, subject, *report);

  int status = 0;
  if (!ended_in_time(child, limit_seconds, status))
    return {law.name, false,
            "did not end within " + std::to_string(limit_seconds) + " s; it was" + where(*report)};
  if (WIFSIGNALED(status))
    return {law.name, false,
            std::string("the process died: ") + strsignal(WTERMSIG(status)) + where(*report)};
  if (WEXITSTATUS(status) != 0 || !report->complete)
    return {law.name, false,
            "the process ended itself with status " + std::to_string(WEXITSTATUS(status)) +
                where(*report)};
  return {law.name, report->kept, std::string(report->detail, report->size)};
}

}  // namespace judge
