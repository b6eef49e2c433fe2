// crash_loop: kills the host again and again. Exit 0 when the output is exact.
#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/crash_loop/crash_loop.hpp"

int main(int count, char** arguments) {
  crash_loop::Options options;
  CLI::App app(
      "Kills host_sim with SIGKILL, at random moments and at every crash point, while a "
      "stand-in for Aikido goes on growing; then compares the output with it");
  app.add_option("--rounds", options.rounds, "Runs of the host, nearly all of them killed")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds, "Go on at least so long")->capture_default_str();
  app.add_option("--seed", options.seed, "Of the moments and of the records")
      ->capture_default_str();
  CLI11_PARSE(app, count, arguments);
  std::cout << "crash_loop --rounds " << options.rounds << " --seed " << options.seed << std::endl;
  return crash_loop::CrashLoop(options, std::cout).run() ? 0 : 1;
}
