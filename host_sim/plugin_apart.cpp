#include "host_sim/plugin_apart.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "host_sim/command_line.hpp"
#include "host_sim/crash_report.hpp"
#include "host_sim/descriptor.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_loader.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;

// How the child ended, and what it wrote before: a description, an error's text, or that it
// crashed.
struct Answer {
  int status = 0;
  std::string text;
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

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t got = ::read(from, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(piece.data(), static_cast<size_t>(got));
  }
}

// The child. What was buffered before it began is the parent's to write, so it leaves by _exit.
[[noreturn]] void answer(const fs::path& file, const std::optional<std::string>& sha256, int to) {
  report_crashes_briefly(to);
  const Result<std::shared_ptr<const Plugin>> plugin = load_plugin(file, sha256);
  write_all(to, plugin ? (*plugin)->description().dump() : plugin.error().text);
  ::_exit(plugin ? kExitDone : kExitUsage);
}

Result<Answer> ask(const fs::path& file, const std::optional<std::string>& sha256) {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_ask(file);
  const Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return cannot_ask(file);
  if (child == 0) answer(file, sha256, to.number());
  to = Descriptor();
  Answer its{.text = read_all(from.number())};
  while (::waitpid(child, &its.status, 0) < 0 && errno == EINTR) {
  }
  return its;
}

std::string end_of(const Answer& answer) {
  if (!answer.text.empty()) return one_line(answer.text);
  if (WIFSIGNALED(answer.status))
    return "it crashed (signal " + std::to_string(WTERMSIG(answer.status)) + ")";
  return "it ended the process that loaded it";
}

Error no_good_end(const fs::path& file, const Answer& answer) {
  return {Status::kConfig, "the plugin " + file.string() + " cannot be used: " + end_of(answer) +
                               "; take it out of its folder, or replace it with one that works"};
}

}  // namespace

Result<nlohmann::json> describe_apart(const fs::path& file,
                                      const std::optional<std::string>& sha256) {
  Result<Answer> its = ask(file, sha256);
  if (!its) return std::move(its).error();
  const bool ended = WIFEXITED(its->status) && !its->text.empty();
  if (ended && WEXITSTATUS(its->status) == kExitUsage) return Error{Status::kConfig, its->text};
  if (!ended || WEXITSTATUS(its->status) != kExitDone) return no_good_end(file, *its);
  nlohmann::json description = nlohmann::json::parse(its->text, nullptr, false);
  if (!description.is_object()) return no_good_end(file, *its);
  return description;
}

Result<std::shared_ptr<const Plugin>> load_what_survives(const fs::path& file,
                                                         const std::optional<std::string>& sha256) {
  const Result<nlohmann::json> described = describe_apart(file, sha256);
  if (!described) return described.error();
  return load_plugin(file, sha256);
}

}  // namespace host
