// A plugin that counts to thirty, ten a batch, and misbehaves where the environment variable
// TROUBLE says so: "KIND in CALL", with a kind of segfault, overflow, thread (a segfault on one of
// its own), abort, exit, hang, leave (a process that outlives it), print, close (all that its host
// has open), mute (the same, and hang), forge (end, with a description of its own for whoever
// reads), flood and, in describe alone, talk (more than a pipe holds), and a call of loading,
// describe, init, configure, next_batch (the second one), release, cancel and destroy.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "connector_plugin.hpp"

namespace {

using connector::Batch;
using connector::Result;

constexpr std::string_view kDescription =
    R"({"name": "troubled", "version": "1.0.0", "summary": "Crashes and hangs",
        "settings": {"type": "object"}, "secrets": [], "pace_key": [], "build": {}})";

// No null pointer, or UndefinedBehaviorSanitizer would end the process in its own way.
void segfault() {
  void* const page = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *static_cast<volatile char*>(page) = 1;
}

int overflow(int depth) {
  volatile char room[4096];
  room[0] = static_cast<char>(depth);
  return depth < 0 ? 0 : overflow(depth + 1) + room[0];
}

// It keeps what the host has open, but not what a test reads.
void leave() {
  if (const pid_t left = fork(); left > 0) {
    dprintf(STDERR_FILENO, "left behind: %d\n", left);
    return;
  }
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) close(stream);
  sleep(300);
  _exit(0);
}

// To every pipe, for one of them leads to the host.
void write_to_pipes(std::string_view text) {
  for (int file = STDERR_FILENO + 1; file < 64; ++file) {
    struct stat about {};
    if (fstat(file, &about) == 0 && S_ISFIFO(about.st_mode))
      static_cast<void>(!write(file, text.data(), text.size()));
  }
}

void trouble(const std::string& call) {
  const char* wanted = std::getenv("TROUBLE");
  const std::string all = wanted ? wanted : "";
  const size_t in = all.find(" in ");
  if (in == std::string::npos || all.substr(in + 4) != call) return;
  const std::string kind = all.substr(0, in);
  if (kind == "segfault") segfault();
  if (kind == "thread") std::thread(segfault).join();
  if (kind == "overflow") overflow(1);
  if (kind == "abort") std::abort();
  if (kind == "exit") std::exit(0);
  if (kind == "leave") leave();
  if (kind == "forge") {
    write_to_pipes(kDescription);
    _exit(0);
  }
  while (kind == "flood") write_to_pipes(std::string(4096, 'x'));
  if (kind == "mute" || kind == "close") close_range(STDERR_FILENO + 1, ~0u, 0);
  if (kind == "print") {
    std::puts("printed by a plugin");
    std::fflush(stdout);
  }
  if (kind == "hang") dprintf(STDERR_FILENO, "hanging now: %d\n", getpid());
  while (kind == "hang" || kind == "mute") pause();
}

[[maybe_unused]] const bool loaded = [] {
  trouble("loading");
  return true;
}();

class Troubled {
 public:
  static std::string_view describe() {
    trouble("describe");
    const char* wanted = std::getenv("TROUBLE");
    static std::string all(kDescription);
    if (wanted && std::string_view(wanted) == "talk in describe")
      all.replace(all.find("Crashes and hangs"), 17, std::string(200'000, 't'));
    return all;
  }

  explicit Troubled(connector::Host) { trouble("init"); }
  ~Troubled() { trouble("destroy"); }

  Result<void> configure(std::string_view, std::string_view checkpoint) {
    trouble("configure");
    next_ = checkpoint.empty() ? 0 : std::stoi(std::string(checkpoint));
    return {};
  }

  Result<Batch> next_batch(const connector::Request&) {
    if (next_ == 10) trouble("next_batch");
    auto memory = std::make_shared<std::vector<std::string>>();
    for (const int end = std::min(next_ + 10, 30); next_ < end; ++next_)
      memory->push_back("{\"n\":" + std::to_string(next_) + "}");
    Batch batch;
    for (const std::string& record : *memory)
      batch.records.push_back({connector::text(record), connector::text(record), 0});
    if (memory->empty()) batch.wait = {int64_t{3600} * 1'000'000'000, CONNECTOR_WAIT_IDLE};
    batch.checkpoint = std::to_string(next_);
    batch.memory = std::shared_ptr<const void>(memory.get(), [memory](const void*) {
      if (memory->size() == 10 && memory->front() == "{\"n\":10}") trouble("release");
    });
    return batch;
  }

  void cancel() { trouble("cancel"); }

 private:
  int next_ = 0;
};

}  // namespace

CONNECTOR_PLUGIN(Troubled)
