#include "tests/readme/checkout.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace readme {
namespace {

constexpr std::chrono::minutes kLimit(8);  // of a build on a busy machine

test_support::ProgramEnd end_of(test_support::Program& program) {
  if (auto end = program.wait(kLimit)) return *std::move(end);
  throw std::runtime_error("did not end: " + program.out() + program.err());
}

}  // namespace

Checkout::Checkout(const std::filesystem::path& root) {
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string name = entry.path().filename();
    if (name == "build" || name.starts_with('.')) continue;
    std::filesystem::copy(entry.path(), folder_ / name, std::filesystem::copy_options::recursive);
  }
  // What a build of the tests has compiled is not compiled again for another folder.
  export_variable("CCACHE_BASEDIR", folder_.path());
  export_variable("CCACHE_NOHASHDIR", "1");
  // The table of commands names the program alone.
  const char* path = std::getenv("PATH");
  export_variable("PATH", (folder_ / "build/release/bin").string() + ":" + (path ? path : ""));
}

test_support::Arguments Checkout::shell(const std::string& command) const {
  return {"/bin/bash", "-c", "set -e; " + command};
}

test_support::ProgramEnd Checkout::run(const std::string& command) {
  test_support::Program program(shell(command), environment_, folder_.path());
  return end_of(program);
}

test_support::ProgramEnd Checkout::run_until(const std::string& command, const std::string& file,
                                             size_t lines) {
  test_support::Program program(shell("exec " + command), environment_, folder_.path());
  const auto give_up = std::chrono::steady_clock::now() + kLimit;
  // A run before this one may have filled it already: this one has to have said something, too.
  while (program.err().empty() || test_support::read_lines(folder_ / file).size() < lines) {
    if (std::chrono::steady_clock::now() > give_up)
      throw std::runtime_error(file + " was not filled: " + program.err());
    if (auto end = program.wait(std::chrono::milliseconds(50))) return *std::move(end);
  }
  program.signal(SIGINT);
  return end_of(program);
}

void Checkout::export_variable(const std::string& name, const std::string& value) {
  environment_[name] = value;
}

void Checkout::edit(const std::string& file, const std::string& from, const std::string& to) {
  std::string text = test_support::read_file(folder_ / file);
  const size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos)
    throw std::runtime_error(file + " does not hold once: " + from);
  test_support::write_file(folder_ / file, text.replace(at, from.size(), to));
}

}  // namespace readme
