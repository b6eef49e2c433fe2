// The host's program over the counting plugin, in a folder of its own.
#pragma once

#include <string>
#include <vector>

#include "tests/support/files.hpp"
#include "tests/support/program.hpp"

namespace host::test {

class HostProgram {
 public:
  // Writes the manifest of one pipeline `count` with these lines as its settings.
  explicit HostProgram(const std::string& settings, const std::string& output = "") {
    write(settings, output);
  }
  void write(const std::string& settings, const std::string& output = "") const {
    write_for("counter", settings, "{key: {env: COUNTER_KEY}}", output);
  }
  void write_for(const std::string& plugin, const std::string& settings, const std::string& secrets,
                 const std::string& output) const {
    const std::string to = output.empty() ? "{type: file, path: out.ndjson}" : output;
    test_support::write_file(manifest(),
                             "version: 1\nstate: host.db\npipelines:\n"
                             "  - name: count\n    input:\n      plugin: " +
                                 plugin + "\n      settings: {" + settings +
                                 "}\n      secrets: " + secrets + "\n    output: " + to + "\n");
  }

  // `host_sim --plugin-dir ... <words>`, where "M" stands for the manifest.
  test_support::Arguments arguments(const std::vector<std::string>& words) const {
    test_support::Arguments all{HOST_SIM, "--plugin-dir", TEST_PLUGINS};
    for (const std::string& word : words) all.push_back(word == "M" ? manifest() : word);
    return all;
  }
  test_support::ProgramEnd run(const std::vector<std::string>& words) const {
    return test_support::run_program(arguments(words), environment());
  }
  static test_support::Environment environment() { return {{"COUNTER_KEY", "k3y-of-c0unter"}}; }

  std::string manifest() const { return (folder / "manifest.yaml").string(); }
  std::filesystem::path output() const { return folder / "out.ndjson"; }

  test_support::TemporaryFolder folder;
};

}  // namespace host::test
