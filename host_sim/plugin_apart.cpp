#include "host_sim/plugin_apart.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "host_sim/command_line.hpp"
#include "host_sim/crash_report.hpp"
#include "host_sim/descriptor.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_call.hpp"
#include "host_sim/plugin_description.hpp"
#include "host_sim/plugin_loader.hpp"
#include "host_sim/wording.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A child that has closed the pipe, or whose own children keep it open, is seen to end by this.
constexpr milliseconds kBetweenLooks(2);

// Nobody knows it who does not go and look for it: by it the host's own answer is known from what a
// plugin writes before it ends the process.
using Word = std::array<char, 16>;

constexpr size_t kMostAnswerBytes = sizeof(Word) + (1 << 20);
constexpr size_t kMostErrorBytes = 4096;

// How the child ended, and what it wrote before: a description or an error's text behind the word
// that the host began it with, or that it crashed. A plugin can write there, too.
struct Answer {
  int status = 0;
  std::string text;
  bool in_time = true;
  bool of_the_host = false;  // and the word is taken off
};

Error cannot_ask(const fs::path& file) {
  return {Status::kTransient, "the plugin " + file.string() + " cannot be looked at: " +
                                  std::generic_category().message(errno) +
                                  "; see that another process can be started"};
}

void write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(to, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

// What the child writes, until it ends: others may keep the pipe open.
class Child {
 public:
  Child(pid_t process, Descriptor from) : process_(process), from_(std::move(from)) {
    ::fcntl(from_.number(), F_SETFL, O_NONBLOCK);
  }

  Answer end_within(milliseconds limit) {
    const steady_clock::time_point until = steady_clock::now() + limit;
    while (!has_ended(WNOHANG)) {
      its_.in_time = steady_clock::now() < until;
      if (!its_.in_time || is_too_much()) return killed();
      wait();
      take();
    }
    take();
    return std::move(its_);
  }

 private:
  bool has_ended(int how) {
    pid_t ended = -1;
    do ended = ::waitpid(process_, &its_.status, how);
    while (ended < 0 && errno == EINTR);
    return ended != 0;
  }

  Answer killed() {
    ::kill(process_, SIGKILL);
    has_ended(0);
    return std::move(its_);
  }

  void wait() const {
    pollfd there{.fd = closed_ ? -1 : from_.number(), .events = POLLIN, .revents = 0};
    ::poll(&there, 1, static_cast<int>(kBetweenLooks.count()));
  }

  bool is_too_much() const { return its_.text.size() > kMostAnswerBytes; }

  // What is there already.
  void take() {
    std::array<char, 4096> piece;
    while (!closed_ && !is_too_much()) {
      const ssize_t got = ::read(from_.number(), piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return;
      closed_ = got == 0;
      its_.text.append(piece.data(), static_cast<size_t>(got));
    }
  }

  const pid_t process_;
  const Descriptor from_;
  bool closed_ = false;
  Answer its_;
};

// Whoever waits for an answer may be killed, and the plugin may hang: nobody would end it then.
void end_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kExitFailed);  // it has ended before that
}

// The child. What was buffered before it began is the parent's to write, so it leaves by _exit.
[[noreturn]] void answer(const fs::path& file, const std::optional<std::string>& sha256,
                         const Word& word, int to) {
  report_crashes_briefly(to);
  const Result<std::shared_ptr<const Plugin>> plugin = load_plugin(file, sha256);
  write_all(to, {word.data(), word.size()});
  write_all(to, plugin ? (*plugin)->description().dump() : plugin.error().text);
  ::_exit(plugin ? kExitDone : kExitUsage);
}

// What the plugin has to call itself: by its real path, as load_plugin has it.
std::string called_by(const fs::path& file) {
  std::error_code gone;
  return plugin_stem(fs::canonical(file, gone));
}

Result<Answer> ask(const fs::path& file, const std::optional<std::string>& sha256,
                   milliseconds limit) {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_ask(file);
  Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  Word word;
  if (::getrandom(word.data(), word.size(), 0) != ssize_t{word.size()}) return cannot_ask(file);
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process < 0) return cannot_ask(file);
  if (process == 0) {
    end_with(parent);
    answer(file, sha256, word, to.number());
  }
  to = Descriptor();
  // For whoever cannot wait for that long.
  PluginTrace trace("", plugin_stem(file));
  const PluginTurn turn(trace);
  const PluginCall call("its loading or connector_describe");
  Answer its = Child(process, std::move(from)).end_within(limit);
  its.of_the_host = its.in_time && WIFEXITED(its.status) && its.text.size() <= kMostAnswerBytes &&
                    its.text.starts_with(std::string_view(word.data(), word.size()));
  if (its.of_the_host) its.text.erase(0, word.size());
  return its;
}

std::string end_of(const Answer& answer, milliseconds limit) {
  if (!answer.in_time)
    return "it hangs in connector_describe (or while it is loaded): no answer within " +
           duration_text(std::chrono::nanoseconds(limit).count());
  if (answer.text.size() > kMostAnswerBytes) return "it writes over 1 MiB to its host";
  if (answer.text.starts_with("it ")) return one_line(cut(answer.text, kMostErrorBytes));
  if (WIFSIGNALED(answer.status))
    return "it crashed (signal " + std::to_string(WTERMSIG(answer.status)) + ")";
  return "it ended the process that loaded it";
}

Error no_good_end(const fs::path& file, const std::string& end) {
  return {Status::kConfig, "the plugin " + file.string() + " cannot be used: " + end +
                               "; take it out of its folder, or replace it with one that works"};
}

}  // namespace

Result<nlohmann::json> describe_apart(const fs::path& file,
                                      const std::optional<std::string>& sha256,
                                      milliseconds limit) {
  const Result<Answer> its = ask(file, sha256, limit);
  if (!its) return its.error();
  if (!its->of_the_host) return no_good_end(file, end_of(*its, limit));
  if (WEXITSTATUS(its->status) != kExitDone)
    return Error{Status::kConfig, one_line(cut(its->text, kMostErrorBytes))};
  Result<nlohmann::json> description =
      read_description(connector::text(its->text), called_by(file));
  if (!description) return no_good_end(file, description.error().text);
  return description;
}

Result<std::shared_ptr<const Plugin>> load_what_survives(const fs::path& file,
                                                         const std::optional<std::string>& sha256) {
  if (is_loaded(file)) return load_plugin(file, sha256);
  const Result<nlohmann::json> described = describe_apart(file, sha256);
  if (!described) return described.error();
  return load_plugin(file, sha256);
}

}  // namespace host
