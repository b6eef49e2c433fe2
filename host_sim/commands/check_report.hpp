// What `check` found: each step as a line, as soon as it is known.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>

#include "host_sim/command_line.hpp"
#include "host_sim/manifest.hpp"

namespace host::commands {

// For people, with a pipeline's name above its steps; or for machines, a JSON object a line:
//   {"pipeline": NAME, "step": NAME, "ok": BOOLEAN, "detail": TEXT, "remedy": TEXT}
// `pipeline` is null for what concerns the manifest as a whole, or a pipeline without a name,
// `remedy` empty where all is well. A mistake in the manifest has "file", "line" (0: nowhere in
// particular) and "key" besides. One thread.
class CheckReport {
 public:
  // `manifest` as the operator gave it. `out` outlives the report.
  CheckReport(std::ostream& out, bool json, std::filesystem::path manifest);

  // The steps that follow are this pipeline's, which begins on `line` where several have the name.
  void begin(const std::string& pipeline, int line = 0);

  void passed(const std::string& step, const std::string& detail);
  void failed(const std::string& step, const std::string& detail, const std::string& remedy);
  // An error's line: its remedy stands after the last "; " (remedy_separator).
  void failed(const std::string& step, const std::string& line);
  // Fails the step that its key belongs to: state, plugin, secrets, settings, or manifest.
  void mistake(const Mistake& mistake);
  // All of a manifest, by their lines: each in its pipeline.
  void mistakes(std::vector<Mistake> mistakes);

  // Of the program, as far as the report goes.
  int exit_code() const { return exit_code_; }

 private:
  struct Line {
    std::string step;
    bool ok;
    std::string detail;
    std::string remedy;
    const Mistake* mistake = nullptr;
  };
  void say(const Line& line);
  void print(const Line& line);
  nlohmann::ordered_json json_of(const Line& line) const;

  std::ostream& out_;
  const bool json_;
  const std::filesystem::path manifest_;
  nlohmann::ordered_json pipeline_;  // its name, or null
  int pipeline_line_ = 0;
  int exit_code_ = kExitDone;
};

}  // namespace host::commands
