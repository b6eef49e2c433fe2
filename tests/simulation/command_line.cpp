#include "tests/simulation/command_line.hpp"

#include <CLI/CLI.hpp>
#include <thread>

namespace simulation {

std::variant<CommandLine, int> read_command_line(int count, char** arguments) {
  CommandLine line;
  line.jobs = std::max(1U, std::thread::hardware_concurrency());
  uint64_t seed = 0;
  CLI::App app(
      "Lives through worlds on simulated time, each with the real host, the real plugin and the "
      "stand-in, and checks every law in them");
  app.add_option("--seeds", line.seeds, "How many worlds")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--from", line.from, "The first seed")->capture_default_str();
  const CLI::Option* only =
      app.add_option("--seed", seed, "This one alone: as --seeds 1 --from SEED")
          ->excludes("--seeds")
          ->excludes("--from");
  app.add_option("--days", line.days, "How long each world lasts")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{366}));
  app.add_option("--report", line.report,
                 "Write here what came of each world, with the event log of those that failed, "
                 "and of a single one");
  app.add_option("--jobs", line.jobs, "Worlds side by side, each in a process of its own")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--plugin-dir", line.plugin_folder,
                 "Where the plugin is; the built one if not set")
      ->check(CLI::ExistingDirectory);
  app.add_flag("--until-failure", line.until_failure, "Stop at the first world that fails");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (only->count() > 0) {
    line.from = seed;
    line.seeds = 1;
  }
  if (!line.plugin_folder.empty())
    line.plugin_folder = std::filesystem::absolute(line.plugin_folder);
  return line;
}

std::string replay_command(const CommandLine& line, uint64_t seed) {
  std::string command = "simulation --seed " + std::to_string(seed) + " --days " +
                        std::to_string(line.days) + " --report seed_" + std::to_string(seed) +
                        ".txt";
  if (!line.plugin_folder.empty()) command += " --plugin-dir " + line.plugin_folder.string();
  return command;
}

}  // namespace simulation
