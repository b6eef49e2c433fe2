// A pseudo-terminal: what a program writes to a terminal, and how large the program finds it.
#pragma once

#include <mutex>
#include <string>
#include <thread>

namespace test_support {

// One thread, beside its own.
class Terminal {
 public:
  // Throws std::system_error when there is none to be had.
  Terminal(unsigned short columns, unsigned short rows);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // What a program opens to write to it.
  const std::string& path() const { return path_; }
  void resize(unsigned short columns, unsigned short rows);
  // All that was written so far.
  std::string written() const;

 private:
  void collect();

  int master_ = -1;
  int slave_ = -1;  // held open, so that the terminal lives while no program has it
  int wake_ = -1;
  std::string path_;
  mutable std::mutex mutex_;
  std::string written_;
  std::thread reader_;
};

}  // namespace test_support
