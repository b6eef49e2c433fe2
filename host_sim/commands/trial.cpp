#include "host_sim/commands/trial.hpp"

#include "host_sim/commands/properties.hpp"
#include "host_sim/plain_text.hpp"

namespace host::commands {
namespace {

constexpr int64_t kLongestStep = int64_t{120} * 1'000'000'000;

}  // namespace

Trial::Trial(const PipelineManifest& pipeline, std::shared_ptr<const Plugin> plugin,
             const Context& context, Pace& pace)
    : plugin_(std::move(plugin)),
      context_(context),
      properties_(properties_for(context.log, context.environment)),
      secrets_(pipeline.secrets, context.environment),
      services_(pipeline.name,
                {context.clock, context.log, pace, metrics_, scrubber_, properties_, {}}, secrets_),
      trace_(pipeline.name, plugin_->name()),
      turn_(trace_) {}

Result<void> Trial::configure(const nlohmann::json& settings, const std::string& checkpoint) {
  Result<std::unique_ptr<PluginInstance>> made = PluginInstance::make(plugin_, services_.table());
  if (!made) return std::move(made).error();
  instance_ = *std::move(made);
  return instance_->configure(settings.dump(), checkpoint);
}

connector::Request Trial::request() {
  return {.max_records = 1000,
          .max_bytes = 4 << 20,
          .deadline_ns = context_.clock.monotonic_ns() + kLongestStep};
}

Result<PluginBatch> Trial::next_batch() {
  const WorkInFlight working(context_.clock);
  return instance_->next_batch(request());
}

Result<PluginBatch> Trial::check() {
  const WorkInFlight working(context_.clock);
  return instance_->check(request());
}

void Trial::wait(int64_t wait_ns) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  const int64_t due = context_.clock.monotonic_ns() + wait_ns;
  while (context_.clock.monotonic_ns() < due) context_.clock.wait_until(lock, never, due);
}

std::string Trial::clean(std::string_view text) { return one_line(scrubber_.scrub(text)); }

}  // namespace host::commands
