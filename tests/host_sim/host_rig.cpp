#include "tests/host_sim/host_rig.hpp"

#include <algorithm>

namespace host::test {

void MemoryLog::write(LogLevel level, std::string_view pipeline, std::string_view text) {
  constexpr const char* kLevels[] = {"debug", "info", "warning", "error"};
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::string(kLevels[static_cast<int>(level)]) + " " + std::string(pipeline) +
                   ": " + std::string(text));
}

std::string MemoryLog::text() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const std::string& line : lines_) all += line + "\n";
  return all;
}

int MemoryLog::count(std::string_view needle) const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::count_if(lines_.begin(), lines_.end(), [&](const auto& line) {
    return line.find(needle) != std::string::npos;
  }));
}

PipelineManifest& HostRig::add(const std::string& name, Script& script) {
  PipelineManifest pipeline;
  pipeline.name = name;
  pipeline.plugin = "scripted";
  pipeline.settings = settings_for(script);
  pipeline.output = {OutputSettings::Type::kFile, output(name)};
  manifest_.pipelines.push_back(pipeline);
  return manifest_.pipelines.back();
}

HostOptions HostRig::options(bool once) {
  return {.clock = clock,
          .log = log,
          .environment = environment,
          .once = once,
          .max_workers = 1,
          .inline_commits = true,
          .seed = 1,
          .with_jitter = [](int64_t wait_ns) { return wait_ns; }};
}

std::unique_ptr<Host> HostRig::host(HostOptions options) {
  manifest_.file = folder / "manifest.yaml";
  manifest_.state = state();
  CheckedManifest checked{manifest_, {}};
  for (const PipelineManifest& pipeline : manifest_.pipelines)
    checked.plugins.emplace(pipeline.plugin, scripted_plugin());
  return std::make_unique<Host>(std::move(checked), std::move(options));
}

int HostRig::run_for(int64_t span_ns) {
  const std::unique_ptr<Host> running = host(options(false));
  clock.after(span_ns, [&running] { running->stop(); });
  return running->run();
}

std::vector<std::string> counted(int64_t count) {
  std::vector<std::string> lines;
  for (int64_t n = 0; n < count; ++n) lines.push_back("{\"n\":" + std::to_string(n) + "}");
  return lines;
}

}  // namespace host::test
