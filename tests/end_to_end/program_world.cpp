#include "tests/end_to_end/program_world.hpp"

#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <thread>

#include "tests/fake_aikido/json_layout.hpp"

namespace end_to_end {
namespace {

using fake_aikido::kSecond;

constexpr size_t kNoQuota = 1'000'000;

}  // namespace

bool comes_true(const std::function<bool()>& what) {
  const auto until = std::chrono::steady_clock::now() + kBounded;
  while (!what()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

ProgramWorld::ProgramWorld(fake_aikido::ServerOptions options) {
  options.switches.quota = kNoQuota;
  server_ = std::make_unique<fake_aikido::Server>(std::move(options));
  settings = {{"client_id", "AIK_CLIENT_test"}, {"base_url", server_->url()},
              {"backfill_start_time", "-2h"},   {"requests_per_second", "300"},
              {"poll_interval", "1s"},          {"late_check_interval", "1s"},
              {"late_arrival_window", "30s"},   {"request_timeout", "20s"}};
  write_secret("AIK_SECRET_test");
}

void ProgramWorld::add_history(size_t count, int64_t span_s) {
  const int64_t now_s = server_->now_ns() / kSecond;
  server_->organisation().add(fake_aikido::make_activity(
      count, now_s - span_s, now_s - 1,
      {.shape = fake_aikido::Shape::kMixed, .first_number = next_number_}));
  next_number_ += static_cast<int64_t>(count);
}

void ProgramWorld::add_event() {
  fake_aikido::ActivityMaker maker(
      {.seed = static_cast<uint64_t>(next_number_), .first_number = next_number_});
  ++next_number_;
  server_->organisation().add(maker.make(server_->now_ns() / kSecond));
}

void ProgramWorld::write_secret(std::string_view secret) {
  const std::filesystem::path next = folder / "secret.new";
  test_support::write_file(next, secret);
  std::filesystem::permissions(next, std::filesystem::perms(0600));
  std::filesystem::rename(next, folder / "secret");
}

void ProgramWorld::write_pipeline(std::ostream& yaml, const std::string& name,
                                  const std::string& its_output) const {
  yaml << "  - name: " << name
       << "\n    input:\n      plugin: aikido_activity_log\n      settings:\n";
  for (const auto& [key, value] : settings) yaml << "        " << key << ": " << value << "\n";
  yaml << "      secrets: " << secrets_yaml << "\n    output: " << its_output << "\n";
}

test_support::Arguments ProgramWorld::arguments(const std::vector<std::string>& words) {
  std::ostringstream yaml;
  yaml << "version: 1\nstate: " << state_yaml << "\nplugin_dir: " << PLUGIN_FOLDER
       << "\npipelines:\n";
  write_pipeline(yaml, "test", output_yaml);
  for (const std::string& name : repeated_)
    write_pipeline(yaml, name, "{type: file, path: " + name + ".ndjson}");
  test_support::write_file(manifest(), yaml.str());
  test_support::Arguments all{HOST_SIM};
  for (const std::string& word : words) all.push_back(word == "M" ? manifest().string() : word);
  return all;
}

test_support::ProgramEnd ProgramWorld::run(const std::vector<std::string>& words) {
  return test_support::run_program(arguments(words), environment);
}

std::unique_ptr<test_support::Program> ProgramWorld::start(const std::vector<std::string>& words) {
  return std::make_unique<test_support::Program>(arguments(words), environment);
}

std::unique_ptr<test_support::Program> ProgramWorld::start_unprivileged(
    const std::vector<std::string>& words) {
  test_support::Arguments all = arguments(words);
  if (::geteuid() == 0)
    all.insert(all.begin(), {"/usr/bin/setpriv", "--bounding-set", "-dac_override"});
  return std::make_unique<test_support::Program>(all, environment);
}

bool ProgramWorld::comes_to_hold_all() {
  return comes_true([this] { return !lines().empty() && lines() == expected(); });
}

std::optional<host::PipelineState> ProgramWorld::committed() const {
  const auto store = host::StateStore::open_to_look(state);
  if (!store || !*store) return std::nullopt;
  auto found = (*store)->pipeline("test");
  return found ? *std::move(found) : std::nullopt;
}

std::vector<std::string> ProgramWorld::lines() const {
  std::vector<std::string> lines = test_support::read_lines(output);
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> ProgramWorld::expected() {
  std::vector<std::string> texts;
  for (const std::string_view text : server_->organisation().texts(server_->now_ns()))
    texts.push_back(fake_aikido::compact(text));
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace end_to_end
