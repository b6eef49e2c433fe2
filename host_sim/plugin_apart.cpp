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
#include <cstdio>
#include <memory>
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

// Nobody knows it who does not go and look for it: between two of it stands the host's own answer,
// and not what a plugin writes before it ends the process.
using Word = std::array<char, 16>;

std::string_view view(const Word& word) { return {word.data(), word.size()}; }

constexpr char kDescription = 'd', kRefusal = 'r';  // the host's answer begins with one of them
constexpr size_t kMostAnswerBytes = 2 * sizeof(Word) + 1 + (1 << 20);
constexpr size_t kMostErrorBytes = 4096;

// What the child wrote until the host's own answer was whole, or else until it ended, and how: that
// it crashed, or what a plugin wrote there.
struct Answer {
  int status = 0;
  std::string text;
  bool in_time = true;
  bool of_the_host = false;  // and the words are taken off
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

// What the child writes, until that is the host's own answer, or it ends: others may keep the pipe
// open. It is ended when this is: one that has answered is waited for as late as that, for to take
// down what it has loaded takes it some milliseconds.
class Child {
 public:
  Child(pid_t process, Descriptor from, const Word& word)
      : process_(process), from_(std::move(from)), word_(word) {
    ::fcntl(from_.number(), F_SETFL, O_NONBLOCK);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (ended_) return;
    ::kill(process_, SIGKILL);
    look(0);
  }

  const Answer& answer_within(milliseconds limit) {
    const steady_clock::time_point until = steady_clock::now() + limit;
    while (its_.in_time && !is_too_much() && !look(WNOHANG)) {
      wait();
      take();
      if (is_whole()) break;
      its_.in_time = steady_clock::now() < until;
    }
    take();
    take_words_off();
    return its_;
  }

 private:
  // Whether it has ended.
  bool look(int how) {
    pid_t process = -1;
    do process = ::waitpid(process_, &its_.status, how);
    while (process < 0 && errno == EINTR);
    ended_ = process != 0;
    return ended_;
  }

  bool is_whole() const {
    return its_.text.size() > 2 * word_.size() && !is_too_much() &&
           its_.text.starts_with(view(word_)) && its_.text.ends_with(view(word_));
  }

  void take_words_off() {
    its_.of_the_host = is_whole();
    if (its_.of_the_host)
      its_.text = its_.text.substr(word_.size(), its_.text.size() - 2 * word_.size());
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
  const Word word_;
  bool closed_ = false;
  bool ended_ = false;
  Answer its_;
};

// Whoever waits for an answer may be killed, and the plugin may hang: nobody would end it then.
void end_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kExitFailed);  // it has ended before that
}

// The child. Whatever the plugin prints belongs to no list and no output.
[[noreturn]] void answer(const fs::path& file, const std::optional<std::string>& sha256,
                         const Word& word, int to) {
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  report_crashes_briefly(to);
  const Result<std::shared_ptr<const Plugin>> plugin = load_plugin(file, sha256);
  std::string text(view(word));
  text += plugin ? kDescription + (*plugin)->description().dump() : kRefusal + plugin.error().text;
  write_all(to, text += view(word));
  ::_exit(kExitDone);
}

// What the plugin has to call itself: by its real path, as load_plugin has it.
std::string called_by(const fs::path& file) {
  std::error_code gone;
  return plugin_stem(fs::canonical(file, gone));
}

Result<std::unique_ptr<Child>> begin(const fs::path& file,
                                     const std::optional<std::string>& sha256) {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_ask(file);
  Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  Word word;
  if (::getrandom(word.data(), word.size(), 0) != ssize_t{word.size()}) return cannot_ask(file);
  const pid_t parent = ::getpid();
  std::fflush(nullptr);  // also of std::cout; or the child might write it, too
  const pid_t process = ::fork();
  if (process < 0) return cannot_ask(file);
  if (process == 0) {
    end_with(parent);
    answer(file, sha256, word, to.number());
  }
  return std::make_unique<Child>(process, std::move(from), word);
}

std::string end_of(const Answer& answer, milliseconds limit) {
  if (!answer.in_time)
    return "it hangs in connector_describe (or while it is loaded): no answer within " +
           duration_text(std::chrono::nanoseconds(limit).count());
  if (answer.text.size() > kMostAnswerBytes) return "it writes over 1 MiB to its host";
  if (answer.text.starts_with("it ")) return one_line(cut(answer.text, kMostErrorBytes));
  if (WIFSIGNALED(answer.status))
    return "it crashed (signal " + std::to_string(WTERMSIG(answer.status)) + ")";
  if (!answer.text.empty()) return "it writes where its host is answered";
  return "it ended the process that loaded it, or closed what that answers by";
}

Error no_good_end(const fs::path& file, const std::string& end) {
  return {Status::kConfig, "the plugin " + file.string() + " cannot be used: " + end +
                               "; take it out of its folder, or replace it with one that works"};
}

Result<nlohmann::json> description_of(Child& child, const fs::path& file, milliseconds limit) {
  // For whoever cannot wait for that long.
  PluginTrace trace("", plugin_stem(file));
  const PluginTurn turn(trace);
  const PluginCall call("its loading or connector_describe");
  const Answer& its = child.answer_within(limit);
  if (!its.of_the_host) return no_good_end(file, end_of(its, limit));
  const std::string text = its.text.substr(1);
  if (its.text.front() != kDescription)
    return Error{Status::kConfig, one_line(cut(text, kMostErrorBytes))};
  Result<nlohmann::json> description = read_description(connector::text(text), called_by(file));
  if (!description) return no_good_end(file, description.error().text);
  return description;
}

}  // namespace

Result<nlohmann::json> describe_apart(const fs::path& file,
                                      const std::optional<std::string>& sha256,
                                      milliseconds limit) {
  const Result<std::unique_ptr<Child>> child = begin(file, sha256);
  return child ? description_of(**child, file, limit) : child.error();
}

Result<std::shared_ptr<const Plugin>> load_what_survives(const fs::path& file,
                                                         const std::optional<std::string>& sha256) {
  if (is_loaded(file)) return load_plugin(file, sha256);
  const Result<std::unique_ptr<Child>> child = begin(file, sha256);  // ends while this one loads
  if (!child) return child.error();
  const Result<nlohmann::json> described = description_of(**child, file, kLongestDescribing);
  if (!described) return described.error();
  return load_plugin(file, sha256);
}

}  // namespace host
