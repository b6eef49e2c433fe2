// A fresh copy of the project, as somebody has it who follows the README.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/files.hpp"
#include "tests/support/program.hpp"

namespace readme {

class Checkout {
 public:
  // Copies what `root` holds but for builds and dot files.
  explicit Checkout(const std::filesystem::path& root);

  // Runs a line of a shell in it. `export NAME=...` is kept for the lines after it.
  test_support::ProgramEnd run(const std::string& command);
  // The same, but it is sent SIGINT once `file` holds `lines` lines.
  test_support::ProgramEnd run_until(const std::string& command, const std::string& file,
                                     size_t lines);
  void export_variable(const std::string& name, const std::string& value);

  // Replaces what stands in the file once; throws when it does not.
  void edit(const std::string& file, const std::string& from, const std::string& to);
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  test_support::Arguments shell(const std::string& command) const;

  test_support::TemporaryFolder folder_;
  test_support::Environment environment_;
};

}  // namespace readme
