#include "tests/end_to_end/world.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <random>

#include "host_sim/commands/check.hpp"
#include "host_sim/commands/preview.hpp"
#include "host_sim/log.hpp"
#include "host_sim/manifest_reader.hpp"
#include "tests/fake_aikido/json_layout.hpp"

namespace end_to_end {
namespace {

std::string all_texts(const std::vector<host::Mistake>& mistakes) {
  std::string all;
  for (const host::Mistake& mistake : mistakes) all += host::to_line("manifest", mistake) + "\n";
  return all;
}

}  // namespace

World::World(const fake_aikido::Switches& switches) : plugin_folder(PLUGIN_FOLDER) {
  fake_aikido::ServerOptions options;
  options.switches = switches;
  server_ = std::make_unique<fake_aikido::Server>(
      options, std::make_shared<fake_aikido::Organisation>(), &clock_);
  settings["client_id"] = "AIK_CLIENT_test";
  settings["base_url"] = server_->url();
  test_support::write_file(secret(), kSecret);
  std::filesystem::permissions(
      secret(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void World::add_history(size_t count, int64_t span_ns, const fake_aikido::ActivityStyle& style) {
  fake_aikido::ActivityStyle numbered = style;
  numbered.first_number = next_number_;
  next_number_ += static_cast<int64_t>(count);
  server_->organisation().add(
      fake_aikido::make_activity(count, now_s() - span_ns / kSecond, now_s() - 1, numbered));
}

void World::add_event(int64_t time_ns, int64_t late_ns) {
  fake_aikido::ActivityMaker maker(
      {.seed = static_cast<uint64_t>(next_number_), .first_number = next_number_});
  ++next_number_;
  fake_aikido::Record record = maker.make(time_ns / kSecond);
  record.visible_ns = time_ns + late_ns;
  server_->organisation().add(std::move(record));
}

void World::add_stream(int64_t from_ns, int64_t span_ns, double per_minute,
                       const fake_aikido::ActivityStyle& style) {
  const auto count =
      static_cast<size_t>(per_minute * static_cast<double>(span_ns) / static_cast<double>(kMinute));
  fake_aikido::ActivityStyle numbered = style;
  numbered.first_number = next_number_;
  next_number_ += static_cast<int64_t>(count);
  server_->organisation().add(fake_aikido::make_activity(
      count, from_ns / kSecond, (from_ns + span_ns) / kSecond - 1, numbered));
}

void World::add_text(int64_t time_ns, std::string text, int64_t late_ns) {
  fake_aikido::Record record;
  record.time_s = time_ns / kSecond;
  record.visible_ns = time_ns + late_ns;
  record.number = next_number_++;
  record.text = std::move(text);
  server_->organisation().add(std::move(record));
}

int World::run_once() { return run(true, 0); }

int World::run_for(int64_t span_ns) {
  const int64_t end_ns = clock_.now_ns() + span_ns;
  const int exit_code = run(false, span_ns);
  if (clock_.now_ns() < end_ns) clock_.advance(end_ns - clock_.now_ns());
  return exit_code;
}

int World::check() {
  host::CommandLine command_line;
  command_line.command = host::Command::kCheck;
  return look(command_line, host::commands::check);
}

int World::preview(int64_t records) {
  host::CommandLine command_line;
  command_line.command = host::Command::kPreview;
  command_line.records = records;
  return look(command_line, host::commands::preview);
}

int World::look(const host::CommandLine& command_line,
                int (*command)(const host::CommandLine&, const host::commands::Context&)) {
  write_files();
  host::CommandLine with_manifest = command_line;
  with_manifest.manifest = manifest();
  host::SecretEnvironment environment;
  std::istringstream nothing;
  std::ostringstream printed;
  const std::unique_ptr<host::Log> log =
      host::make_log(clock_, log_level, host::LogFormat::kText, printed);
  const int exit_code =
      command(with_manifest, {clock_, *log, environment, nothing, printed, printed});
  looked = printed.str();
  return exit_code;
}

void World::write_files() {
  std::ostringstream yaml;
  yaml << "version: 1\nstate: host.db\nplugin_dir: " << plugin_folder.string()
       << "\npipelines:\n  - name: test\n    input:\n      plugin: aikido_activity_log\n"
          "      settings:\n";
  for (const auto& [key, value] : settings) yaml << "        " << key << ": " << value << "\n";
  yaml << "      secrets: " << secrets_yaml
       << "\n    output: " << output_yaml.value_or("{type: file, path: out.ndjson}") << "\n"
       << more_pipelines;
  test_support::write_file(manifest(), yaml.str());
}

int World::run(bool once, int64_t span_ns) {
  write_files();
  log_.str({});
  const std::unique_ptr<host::Log> log =
      host::make_log(clock_, log_level, host::LogFormat::kText, log_);
  auto read = host::read_manifest(manifest(), {});
  if (const auto* mistakes = std::get_if<std::vector<host::Mistake>>(&read)) {
    log_ << all_texts(*mistakes);
    return 2;
  }
  host::SecretEnvironment environment;
  const auto host = std::make_shared<host::Host>(
      std::get<host::CheckedManifest>(std::move(read)),
      host::HostOptions{.clock = clock_,
                        .log = *log,
                        .environment = environment,
                        .once = once,
                        .max_workers = 1,
                        .inline_commits = true,
                        .seed = seed,
                        .with_jitter = [](int64_t wait_ns) { return wait_ns; },
                        .crash_points = host::CrashPoints([this](std::string_view where) {
                          note_written();
                          if (at_crash_point) at_crash_point(where);
                        }),
                        .properties = properties,
                        .stdout_descriptor = stdout_descriptor});
  const std::weak_ptr<host::Host> running = host;
  if (!once)
    clock_.after(span_ns, [running] {
      if (const auto alive = running.lock()) alive->stop();
    });
  if (watch_) schedule_watch(running);
  const int exit_code = host->run();
  note_written();
  statuses_ = host->snapshot();
  metrics_ = host->metrics();
  return exit_code;
}

void World::watch_each(int64_t every_ns, std::function<void(const host::PipelineStatus&)> watch) {
  watch_every_ns_ = every_ns;
  watch_ = std::move(watch);
}

void World::schedule_watch(const std::weak_ptr<host::Host>& running) {
  clock_.after(watch_every_ns_, [this, running] {
    const auto host = running.lock();
    if (!host) return;
    for (const host::PipelineStatus& status : host->snapshot()) watch_(status);
    schedule_watch(running);
  });
}

// Whole lines alone, for a crash point lies amid a write. What was cut off after a crash is written
// again, so in a file that became shorter the place goes back.
void World::note_written() {
  std::error_code missing;
  const uintmax_t size = std::filesystem::file_size(output(), missing);
  if (missing || size == written_to_) return;
  if (size < written_to_) {
    written_to_ = size;
    return;
  }
  std::ifstream file(output(), std::ios::binary);
  file.seekg(static_cast<std::streamoff>(written_to_));
  for (std::string line; std::getline(file, line) && !file.eof();) {
    written_to_ += line.size() + 1;
    if (at_line)
      at_line(line);
    else
      written_ns_.try_emplace(std::move(line), clock_.now_ns());
  }
}

std::vector<std::string> World::visible() {
  std::vector<std::string> texts;
  for (const std::string_view text : server_->organisation().texts(clock_.now_ns()))
    texts.push_back(fake_aikido::compact(text));
  return texts;
}

std::optional<int64_t> World::written_ns(const std::string& line) const {
  const auto found = written_ns_.find(line);
  if (found == written_ns_.end()) return std::nullopt;
  return found->second;
}

int64_t World::metric(std::string_view name, std::string_view labels) const {
  int64_t sum = 0;
  for (const host::Metric& metric : metrics_)
    if (metric.key.name == name && metric.key.labels.find(labels) != std::string::npos)
      sum += metric.value;
  return sum;
}

testing::AssertionResult holds_exactly(const World& world, std::vector<std::string> expected) {
  std::vector<std::string> got = world.lines();
  std::sort(got.begin(), got.end());
  std::sort(expected.begin(), expected.end());
  std::vector<std::string> missing, surplus;
  std::set_difference(expected.begin(), expected.end(), got.begin(), got.end(),
                      std::back_inserter(missing));
  std::set_difference(got.begin(), got.end(), expected.begin(), expected.end(),
                      std::back_inserter(surplus));
  if (missing.empty() && surplus.empty()) return testing::AssertionSuccess();
  testing::AssertionResult failure = testing::AssertionFailure();
  failure << expected.size() << " expected, " << got.size() << " there, " << missing.size()
          << " missing, " << surplus.size() << " surplus";
  if (!missing.empty()) failure << "\nmissing: " << missing.front();
  if (!surplus.empty()) failure << "\nsurplus: " << surplus.front();
  return failure;
}

testing::AssertionResult is_complete(World& world) {
  std::vector<std::string> visible = world.visible();
  if (visible.empty()) return testing::AssertionFailure() << "nothing was visible at all";
  return holds_exactly(world, std::move(visible));
}

}  // namespace end_to_end
