// The real programs in real time: host_sim as a process of its own over the real plugin, and the
// stand-in for Aikido, which runs in the test's process. All at a raised pace.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "host_sim/state_store.hpp"
#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/server.hpp"
#include "tests/support/files.hpp"
#include "tests/support/program.hpp"

namespace end_to_end {

using test_support::kBounded;

// Looks again and again; false when it did not come true within a minute.
bool comes_true(const std::function<bool()>& what);

// One thread.
class ProgramWorld {
 public:
  explicit ProgramWorld(fake_aikido::ServerOptions options = {});

  const test_support::TemporaryFolder folder;

  // YAML values of the input's settings, by key; all that is needed is there.
  std::map<std::string, std::string> settings;
  std::string secrets_yaml = "{client_secret: {file: secret}}";
  std::string output_yaml = "{type: file, path: out.ndjson}";
  std::string state_yaml = "host.db";
  // Where those two lead.
  std::filesystem::path output = folder / "out.ndjson";
  std::filesystem::path state = folder / "host.db";
  // On top of the test's own.
  test_support::Environment environment;

  fake_aikido::Server& server() { return *server_; }
  std::filesystem::path manifest() const { return folder / "manifest.yaml"; }

  // One more pipeline, with the same settings and an output `<name>.ndjson` of its own.
  void repeat_pipeline(const std::string& name) { repeated_.push_back(name); }
  // `count` records of the last `span_s` seconds, whose ids go on from the last ones.
  void add_history(size_t count, int64_t span_s = 3600);
  // One that happens now.
  void add_event();
  // Replaces the file as a secret store does, and makes it the owner's alone.
  void write_secret(std::string_view secret);

  // Writes the manifest. `host_sim <words>`, where "M" stands for the manifest.
  test_support::Arguments arguments(const std::vector<std::string>& words);
  test_support::ProgramEnd run(const std::vector<std::string>& words);

  // A running one. Ended by its own destructor.
  std::unique_ptr<test_support::Program> start(const std::vector<std::string>& words);
  // The same, but even root has to keep to what the modes of files say.
  std::unique_ptr<test_support::Program> start_unprivileged(const std::vector<std::string>& words);
  // Waits until the output holds all that the server shows, each once; false after a minute.
  bool comes_to_hold_all();
  // What the last commit holds; nothing where there is none.
  std::optional<host::PipelineState> committed() const;

  // The output's lines, and what the server shows now as it should arrive; both sorted.
  std::vector<std::string> lines() const;
  std::vector<std::string> expected();

 private:
  void write_pipeline(std::ostream& yaml, const std::string& name,
                      const std::string& its_output) const;

  std::unique_ptr<fake_aikido::Server> server_;
  int64_t next_number_ = 1;
  std::vector<std::string> repeated_;
};

}  // namespace end_to_end
