// A program of this project, run as a child process by an end-to-end test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace test_support {

using Arguments = std::vector<std::string>;              // the program's path first
using Environment = std::map<std::string, std::string>;  // on top of the test's own

// Longer than anything that a test waits for should take, on the most loaded machine.
constexpr std::chrono::seconds kBounded(60);

struct ProgramEnd {
  int exit_code = -1;  // -1: it was ended by `signal`
  int signal = 0;
  std::string out;
  std::string err;
};

// A running program and what it has printed. Killed by the destructor if it still runs. One thread.
class Program {
 public:
  // Throws std::system_error when it cannot be started.
  explicit Program(const Arguments& arguments, const Environment& environment = {},
                   const std::filesystem::path& folder = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number);

  // Until `text` stands in the standard output (or error), the program ends, or the time is over.
  bool wait_for_out(std::string_view text, std::chrono::milliseconds limit);
  bool wait_for_err(std::string_view text, std::chrono::milliseconds limit);
  // Nothing when it still runs after `limit`.
  std::optional<ProgramEnd> wait(std::chrono::milliseconds limit);

  std::string out() const;
  std::string err() const;

 private:
  bool wait_for(const std::string& stream, std::string_view text, std::chrono::milliseconds limit);
  void collect();  // on reader_, until the program ends
  bool take(int file, std::string& stream);

  pid_t pid_ = -1;
  int process_ = -1;  // a descriptor of it, readable when it has ended
  int out_file_ = -1;
  int err_file_ = -1;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string out_;
  std::string err_;
  std::optional<ProgramEnd> end_;
  std::thread reader_;
};

// Runs it to its end. One that takes longer than `limit` is killed, and the signal says so.
ProgramEnd run_program(const Arguments& arguments, const Environment& environment = {},
                       std::chrono::milliseconds limit = std::chrono::seconds(60));

}  // namespace test_support
