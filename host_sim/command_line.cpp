#include "host_sim/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "host_sim/plain_text.hpp"
#include "plugin_api/connector_plugin.h"

namespace host {
namespace {

constexpr const char* kAbout =
    "Runs input plugins: collects their records into files or stdout, each exactly once in a "
    "file,\n"
    "and resumes where it stopped.\n\n"
    "A manifest (YAML) names the pipelines. Begin with `check`, which tests one without "
    "collecting\n"
    "anything, then `run` it until Ctrl-C.";

constexpr const char* kMore =
    "\nRecords go to the manifest's outputs, everything else to stderr.\n"
    "Exit codes: 0 done; 1 failed at run time; 2 wrong usage, manifest or settings.\n"
    "`host_sim COMMAND --help` tells more about a command.";

constexpr const char* kReport =
    "\nExit codes: 0 all is well; 1 a step failed; 2 the manifest, a secret or the settings are\n"
    "wrong. With --json a line is {\"pipeline\", \"step\", \"ok\", \"detail\", \"remedy\"}; a\n"
    "mistake in the manifest has \"file\", \"line\" and \"key\" besides. The pipeline is null "
    "where\n"
    "a step concerns the manifest as a whole, or a pipeline without a name.";

constexpr const char* kEnvironment =
    "\nEnvironment:\n"
    "  CONNECTOR_PROXY        proxy for every request but plain http to this machine, such as\n"
    "                         http://proxy.example:3128; other variables for proxies are not\n"
    "                         heeded\n"
    "  CONNECTOR_CA_BUNDLE    PEM file of the certificate authorities to trust, in place of the\n"
    "                         system's\n"
    "  CONNECTOR_PLUGIN_PATH  folders, with colons between them, that are searched for plugins\n"
    "                         after --plugin-dir";

template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

const Choices<LogLevel> kLevels{{"debug", LogLevel::kDebug},
                                {"info", LogLevel::kInfo},
                                {"warning", LogLevel::kWarning},
                                {"error", LogLevel::kError}};
const Choices<LogFormat> kFormats{{"text", LogFormat::kText}, {"json", LogFormat::kJson}};

std::string version_text() {
  return "host_sim " HOST_SIM_VERSION ", plugin ABI " + std::to_string(CONNECTOR_ABI_MAJOR) + "." +
         std::to_string(CONNECTOR_ABI_MINOR) + "-draft";
}

template <class T>
std::string words(const Choices<T>& values) {
  std::string text;
  for (const auto& [word, value] : values) text += (text.empty() ? "" : "|") + word;
  return text;
}

// An option with a fixed set of words.
template <class T>
void add_choice(CLI::App& app, const std::string& name, T& to, const Choices<T>& values,
                const std::string& about) {
  const auto read = [&to, &values, name](const std::string& word) {
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&word](const auto& value) { return value.first == word; });
    if (found == values.end()) throw CLI::ValidationError(name, "must be one of " + words(values));
    to = found->second;
  };
  app.add_option_function<std::string>(name, read, about)->type_name(words(values));
}

// The tree of commands, and where each of its words is put.
class Grammar {
 public:
  explicit Grammar(CommandLine& to) : to_(to), app_(kAbout, "host_sim") {
    app_.require_subcommand(1);
    app_.fallthrough();  // the global options may stand behind the command, too
    app_.footer(std::string(kMore) + "\n" + kEnvironment);
    app_.set_version_flag("--version", version_text());
    add_globals();
    add_check();
    add_collecting();
    add_plugins();
    add_state();
  }

  CLI::App& app() { return app_; }

 private:
  void add_globals() {
    app_.add_option("--plugin-dir", to_.plugin_dirs,
                    "Look for plugins here first; may be given several times")
        ->type_name("FOLDER")
        ->allow_extra_args(false)
        ->take_all();
    add_choice(app_, "--log-level", to_.log_level, kLevels, "Least level that is logged [info]");
    add_choice(app_, "--log-format", to_.log_format, kFormats, "Form of a log line [text]");
  }

  void add_collecting() {
    CLI::App& run = command(app_, "run", "Collect until Ctrl-C", Command::kRun);
    run.footer(kEnvironment);
    add_manifest(run);
    run.add_flag("--once", to_.once, "End when every pipeline is caught up");
    add_status(run);

    CLI::App& preview = command(
        app_, "preview", "Print some records, and say what a full run would fetch; change nothing",
        Command::kPreview);
    preview.footer(kEnvironment);
    preview.add_option("-n,--records", to_.records, "At most so many records [10]")
        ->type_name("N")
        ->check(CLI::Range(int64_t{1}, int64_t{1'000'000}));
    preview.add_option("--pipeline", to_.pipelines, "Which one, where the manifest has several")
        ->type_name("NAME")
        ->expected(1);
    add_manifest(preview);
  }

  void add_status(CLI::App& run) {
    const auto read = [this](const std::string& text) {
      connector::Result<status::Address> address = status::read_address(text);
      if (!address) throw CLI::ValidationError("--status", address.error().text);
      to_.status = *std::move(address);
    };
    run.add_option_function<std::string>(
           "--status", read,
           "Serve health, metrics and a page that shows each pipeline, such as on 127.0.0.1:9090")
        ->type_name("ADDRESS:PORT");
    run.add_flag("--status-remote", status_remote_,
                 "Let --status be an address that other machines reach: nobody is asked who he is");
    run.add_option("--status-host", to_.status_names,
                   "A name, beside localhost, by which --status may be asked for; may be given "
                   "several times")
        ->type_name("NAME")
        ->allow_extra_args(false)
        ->take_all();
    run.callback([this] {
      if (!to_.status && (status_remote_ || !to_.status_names.empty()))
        throw CLI::ValidationError(status_remote_ ? "--status-remote" : "--status-host",
                                   "changes how --status is served; give --status ADDRESS:PORT "
                                   "beside it, or leave it out");
      if (to_.status && !to_.status->loopback && !status_remote_)
        throw CLI::ValidationError("--status", "other machines reach " + to_.status->ip +
                                                   ": give an address such as 127.0.0.1, or "
                                                   "--status-remote beside it");
    });
  }

  void add_check() {
    CLI::App& check = command(app_, "check",
                              "Test manifest, secrets and service, step by step, and say what to "
                              "do about each that fails",
                              Command::kCheck);
    check.footer(std::string(kReport) + "\n" + kEnvironment);
    check.add_flag("--json", to_.json, "For machines: each step as a JSON object on a line");
    add_manifest(check);
    add_names(check);
  }

  void add_plugins() {
    CLI::App& describe = command(
        app_, "describe", "Print what a plugin is: settings, secrets, version", Command::kDescribe);
    describe.add_option("PLUGIN", to_.plugin, "Its name, or its file with a slash in it")
        ->required();
    command(app_, "plugins", "List every plugin that can be found", Command::kPlugins);
  }

  void add_state() {
    CLI::App& state = *app_.add_subcommand("state", "Where each pipeline has got to");
    state.require_subcommand(1);
    state.fallthrough();
    CLI::App& show =
        add_state_command(state, "show", "Print it: ranges, late sweeps, last commit, last error",
                          Command::kStateShow);
    show.add_flag("--json", to_.json, "For a program: one JSON object");
    const std::string reset =
        "Forget it: the pipeline starts afresh, and delivers again what its "
        "backfill covers";
    add_yes(add_state_command(state, "reset", reset, Command::kStateReset));
    add_state_command(state, "export", "Write it to stdout as JSON", Command::kStateExport);
    add_yes(add_state_command(state, "import", "Replace it by such JSON from stdin",
                              Command::kStateImport));
  }

  CLI::App& add_state_command(CLI::App& state, const std::string& name, const std::string& about,
                              Command meaning) {
    CLI::App& result = command(state, name, about, meaning);
    add_manifest(result);
    add_names(result);
    return result;
  }

  CLI::App& command(CLI::App& parent, const std::string& name, const std::string& about,
                    Command meaning) {
    CLI::App& result = *parent.add_subcommand(name, about);
    result.parse_complete_callback([this, meaning] { to_.command = meaning; });
    return result;
  }

  void add_manifest(CLI::App& to) {
    to.add_option("MANIFEST", to_.manifest, "YAML file that names the pipelines")
        ->required()
        ->type_name("FILE");
  }

  void add_names(CLI::App& to) {
    to.add_option("NAME", to_.pipelines, "These pipelines alone")->type_name("NAME...");
  }

  void add_yes(CLI::App& to) { to.add_flag("--yes", to_.yes, "Do not ask"); }

  CommandLine& to_;
  bool status_remote_ = false;
  CLI::App app_;
};

// The library's words for a command that is none are "A subcommand is required".
std::string unknown_command(const CLI::App& app) {
  const std::vector<std::string> words = app.remaining(/*recurse=*/true);
  if (words.empty()) return {};
  const std::string& word = words.front();
  const std::string probably = meant(word, {"run", "check", "describe", "plugins", "preview",
                                            "state", "show", "reset", "export", "import"});
  const std::string guess = probably.empty() ? "" : "; did you mean " + probably + "?";
  return "host_sim: there is no command " + one_line(word) + guess +
         "\nRun with --help for more information.\n";
}

NothingToDo nothing_to_do(CLI::App& app, const CLI::ParseError& why) {
  const bool no_command = std::string_view(why.what()).find("subcommand") != std::string_view::npos;
  if (const std::string text = no_command ? unknown_command(app) : ""; !text.empty())
    return {kExitUsage, text};
  std::ostringstream out;
  std::ostringstream err;
  if (app.exit(why, out, err) == 0) return {kExitDone, out.str()};
  return {kExitUsage, "host_sim: " + err.str()};
}

}  // namespace

std::variant<CommandLine, NothingToDo> parse_command_line(int argc, const char* const* argv) {
  CommandLine result;
  Grammar grammar(result);
  try {
    grammar.app().parse(argc, argv);
  } catch (const CLI::ParseError& why) {
    return nothing_to_do(grammar.app(), why);
  }
  return result;
}

}  // namespace host
