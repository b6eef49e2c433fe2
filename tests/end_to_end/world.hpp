// A world in one process: the real host, the real plugin through the real border, and the stand-in
// over real HTTP, all on one simulated clock. What a test adds is the organisation's activity, the
// settings, and what goes wrong.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"
#include "host_sim/health.hpp"
#include "host_sim/host.hpp"
#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/server.hpp"
#include "tests/support/files.hpp"
#include "tests/support/simulated_clock.hpp"

namespace end_to_end {

// What a test throws at a crash point.
struct Crash : std::runtime_error {
  Crash() : std::runtime_error("crash") {}
};

using fake_aikido::kDay;
using fake_aikido::kHour;
using fake_aikido::Kind;
using fake_aikido::kMinute;
using fake_aikido::kSecond;

constexpr std::string_view kSecret = "AIK_SECRET_test";

// One thread.
class World {
 public:
  explicit World(const fake_aikido::Switches& switches = {});

  // YAML values of the input's settings, by key. base_url and client_id are there.
  std::map<std::string, std::string> settings;
  // More YAML for the manifest's list of pipelines, and properties of the host.
  std::string more_pipelines;
  std::map<std::string, std::string> properties;
  std::optional<std::string> output_yaml;  // in place of the file output
  std::string secrets_yaml = "{client_secret: {file: secret}}";
  // Called at every crash point of the host; may throw, which is a crash.
  std::function<void(std::string_view)> at_crash_point;
  // Called with each line that the output grew by, in place of written_ns.
  std::function<void(std::string_view)> at_line;
  std::filesystem::path plugin_folder;  // the built one
  host::LogLevel log_level = host::LogLevel::kDebug;
  int stdout_descriptor = 1;
  uint64_t seed = 1;  // of the plugin's randomness

  test_support::SimulatedClock& clock() { return clock_; }
  fake_aikido::Server& server() { return *server_; }
  const test_support::TemporaryFolder& folder() const { return folder_; }
  std::filesystem::path output() const { return folder_ / "out.ndjson"; }
  std::filesystem::path state() const { return folder_ / "host.db"; }
  std::filesystem::path secret() const { return folder_ / "secret"; }
  std::filesystem::path manifest() const { return folder_ / "manifest.yaml"; }

  std::string server_url() const { return server_->url(); }
  int64_t now_s() { return clock_.now_ns() / kSecond; }
  // `count` records at random times of the last `span_ns`.
  void add_history(size_t count, int64_t span_ns, const fake_aikido::ActivityStyle& style = {});
  // A record that happens at `time_ns` and surfaces `late_ns` later.
  void add_event(int64_t time_ns, int64_t late_ns = 0);
  // `per_minute` records from `from_ns` on for `span_ns`.
  void add_stream(int64_t from_ns, int64_t span_ns, double per_minute,
                  const fake_aikido::ActivityStyle& style = {});
  // An exact text.
  void add_text(int64_t time_ns, std::string text, int64_t late_ns = 0);

  // `run --once`: the exit code.
  int run_once();
  // `run` that is stopped after `span_ns`; one that ends by itself earlier lets time go by.
  int run_for(int64_t span_ns);
  // `check`, or `preview` of so many records, beside whatever runs: the exit code. What it prints
  // is kept in `looked`.
  int check();
  int preview(int64_t records);
  std::string looked;
  // Nothing runs meanwhile.
  void down_for(int64_t span_ns) { clock_.advance(span_ns); }

  // The output's lines, and what of the organisation is visible now, as it should arrive.
  std::vector<std::string> lines() const { return test_support::read_lines(output()); }
  std::vector<std::string> visible();
  // When a line was written first, by the simulated clock.
  std::optional<int64_t> written_ns(const std::string& line) const;

  // Of the last run.
  std::string log() const { return log_.str(); }
  const std::vector<host::PipelineStatus>& statuses() const { return statuses_; }
  // Sum of a metric of the last run over its labels that contain `labels`.
  int64_t metric(std::string_view name, std::string_view labels = {}) const;
  // Called while the host runs, each `every_ns`.
  void watch_each(int64_t every_ns, std::function<void(const host::PipelineStatus&)> watch);

  // Writes the manifest and secret of the world as they are now.
  void write_files();

 private:
  int run(bool once, int64_t span_ns);
  int look(const host::CommandLine& command_line,
           int (*command)(const host::CommandLine&, const host::commands::Context&));
  void note_written();
  void schedule_watch(const std::weak_ptr<host::Host>& host);

  test_support::SimulatedClock clock_;
  test_support::TemporaryFolder folder_;
  std::unique_ptr<fake_aikido::Server> server_;
  std::unordered_map<std::string, int64_t> written_ns_;
  uintmax_t written_to_ = 0;
  int64_t next_number_ = 1;
  std::ostringstream log_;
  std::vector<host::PipelineStatus> statuses_;
  std::vector<host::Metric> metrics_;
  int64_t watch_every_ns_ = 0;
  std::function<void(const host::PipelineStatus&)> watch_;
};

// The output holds each of the lines exactly once, and nothing else.
testing::AssertionResult holds_exactly(const World& world, std::vector<std::string> expected);
// It holds all that is visible now, once.
testing::AssertionResult is_complete(World& world);

}  // namespace end_to_end
