// argv -> what is to be done. Knows the words of the command line, and does nothing itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "host_sim/log.hpp"
#include "host_sim/status/address.hpp"

namespace host {

// What the program ends with.
constexpr int kExitDone = 0;
constexpr int kExitFailed = 1;  // at run time
constexpr int kExitUsage = 2;   // command line, manifest or settings

enum class Command {
  kRun,
  kCheck,
  kDescribe,
  kPlugins,
  kPreview,
  kStateShow,
  kStateReset,
  kStateExport,
  kStateImport,
};

struct CommandLine {
  Command command = Command::kRun;
  std::vector<std::filesystem::path> plugin_dirs;  // as given
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;
  std::filesystem::path manifest;         // of all but describe and plugins; as given
  bool once = false;                      // run
  std::optional<status::Address> status;  // run: serve it there
  std::vector<std::string> status_names;  // run: what clients may call this machine
  std::string plugin;                     // describe: a name, or a path when it has a slash
  int64_t records = 10;                   // preview: at most so many
  bool json = false;                      // check, state show: for machines
  std::vector<std::string>
      pipelines;     // check, state: these alone, all when empty; preview: the one
  bool yes = false;  // state reset, import: do not ask
};

// The command line asks for nothing to be done: help, version, or a mistake in it.
struct NothingToDo {
  int exit_code = kExitDone;
  std::string text;  // for stdout, or for stderr when the exit code is not 0
};

std::variant<CommandLine, NothingToDo> parse_command_line(int argc, const char* const* argv);

}  // namespace host
