// A pseudo-terminal: what a program writes to a terminal, and how large the program finds it.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/screen.hpp"

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
  // What a person types; a program whose controlling terminal it is gets the signals.
  void type(std::string_view keys);
  // All that was written so far, and what it shows.
  std::string written() const;
  Screen screen() const;

 private:
  // From a byte on that was written.
  struct Size {
    size_t from = 0;
    size_t columns = 0;
    size_t rows = 0;
  };

  void collect();

  int master_ = -1;
  int slave_ = -1;  // held open, so that the terminal lives while no program has it
  int wake_ = -1;
  std::string path_;
  mutable std::mutex mutex_;
  std::string written_;
  std::vector<Size> sizes_;
  std::thread reader_;
};

}  // namespace test_support
