// What a pipeline does about a failure: the half of it that nobody sees on a good day.
#include <algorithm>

#include "host_sim/manifest_reader.hpp"
#include "host_sim/pipeline.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/wording.hpp"

namespace host {
namespace {

constexpr int64_t kSecretCheckEvery = 5 * kNsPerSecond;

std::string joined_lines(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
    text.replace(at, 1, "; ");
  return one_line(text);
}

// What brings the next try forward. Of secrets only a file is looked at again.
std::string sooner(bool is_about_secrets, const std::map<std::string, SecretReference>& secrets) {
  if (!is_about_secrets || secrets.empty()) return ", and at once when the host is restarted";
  const bool any_file = std::any_of(secrets.begin(), secrets.end(), [](const auto& secret) {
    return secret.second.kind == SecretReference::Kind::kFile;
  });
  return any_file ? ", and at once when its secret changes"
                  : "; a variable is read at the start alone: restart with the right one, or give "
                    "{file: PATH}";
}

}  // namespace

// The plugin failed, or the state that it should start from.
int64_t Pipeline::failed(const Error& error) {
  if (cancelled_) return kWhenWoken;  // the host ends
  const std::vector<Mistake> mistakes =
      config_mistakes(manifest_, context_.services.scrubber.scrub(error.text));
  if (is_first_answer(error, mistakes)) return kWhenWoken;
  const bool rotated = error.status == Status::kAuth && services_.secrets_rotated();
  return act(retry_.failed(error, rotated), with_lines(error, mistakes));
}

// The first thing that is known of the settings and the output. True when the host refuses the
// manifest for it.
bool Pipeline::is_first_answer(const Error& error, const std::vector<Mistake>& mistakes) {
  if (std::exchange(was_configured_, true)) return false;
  const bool config = error.status == Status::kConfig;
  context_.listener.configured(config ? mistakes : std::vector<Mistake>());
  return config;
}

// What is about the manifest is told with its lines, whenever it comes.
Error Pipeline::with_lines(const Error& error, const std::vector<Mistake>& mistakes) const {
  if (!is_about_settings(plugin_->description(), error) || mistakes.empty()) return error;
  Error told = error;
  told.text.clear();
  for (const Mistake& mistake : mistakes)
    told.text += to_line(context_.manifest_file, mistake) + "\n";
  return told;
}

// The output is not to be used as it is, or the moment is a bad one.
int64_t Pipeline::refused(const Error& error) {
  if (cancelled_) return kWhenWoken;  // the host ends
  if (error.status == Status::kCancelled) {
    context_.listener.reader_gone(error.text);
    return kWhenWoken;
  }
  const std::vector<Mistake> mistakes = {
      {manifest_.output_place, manifest_.key_path + ".output.path", one_line(error.text), name()}};
  if (is_first_answer(error, mistakes)) return kWhenWoken;
  const Error told = with_lines(error, mistakes);
  // A run that ends says so at once; another one looks again, which costs the service nothing, for
  // an operator mends an output without telling the host.
  const bool hopeless = context_.once && error.status != Status::kTransient;
  return hopeless ? act(retry_.failed(error, false), told) : failed_to_keep(told);
}

int64_t Pipeline::failed_to_keep(const Error& error) {
  unkept_until_ = std::max<int64_t>(unkept_until_, records_ + held_.records());
  return act(retry_.failed_to_keep(), error);
}

int64_t Pipeline::act(const Decision& decision, const Error& error) {
  const std::string text = joined_lines(context_.services.scrubber.scrub(error.text));
  context_.services.metrics.record(
      CONNECTOR_METRIC_COUNTER,
      {name(), "failures_total", "class=" + std::string(connector::name_of(error.status))}, 1);
  const bool limited = error.status == Status::kRateLimited;
  const PipelineHealth trouble = limited ? PipelineHealth::kThrottled : PipelineHealth::kErroring;
  if (decision.remedy != Remedy::kGiveUp)
    health_.waits(limited ? CONNECTOR_WAIT_RATE_LIMIT : CONNECTOR_WAIT_BACKOFF, decision.wait_ns);
  watches_secrets_ = error.status == Status::kAuth;
  probe_due_ns_ = now() + decision.wait_ns;
  switch (decision.remedy) {
    case Remedy::kRetry:
      tell_failure(trouble, text, next_try_text(decision.wait_ns));
      // One that could not be configured is of no use any more.
      if (phase_ == Phase::kConfigure) return close_and(Phase::kConfigure, probe_due_ns_);
      return probe_due_ns_;
    case Remedy::kNewInstance:
      tell_failure(trouble, text, next_try_text(decision.wait_ns) + " from the last commit");
      return close_and(Phase::kConfigure, probe_due_ns_);
    case Remedy::kStop:
      tell_failure(PipelineHealth::kStopped, text,
                   "nothing is collected until that is mended; it is tried again every " +
                       duration_text(decision.wait_ns) +
                       sooner(watches_secrets_, manifest_.secrets));
      return close_and(Phase::kStopped, now());
    case Remedy::kGiveUp:
      tell_failure(PipelineHealth::kStopped, text, "given up for this run");
      return close_and(Phase::kFinished, now());
  }
  return kWhenWoken;
}

void Pipeline::tell_failure(PipelineHealth health, const std::string& text,
                            const std::string& next) {
  health_.failed(health, text, next);
  context_.committer.note_error(name(), {context_.services.clock.wall_ns(), text});
}

int64_t Pipeline::close_and(Phase next, int64_t due_ns) {
  held_.clear();
  slot_.empty();
  context_.services.pace.leave(name());
  phase_ = Phase::kClose;
  after_close_ = next;
  due_after_close_ns_ = due_ns;
  return now();
}

int64_t Pipeline::close() {
  if (window_.wait_for_fewer(0)) return kWhenWoken;
  window_.clear();
  output_.reset();
  chain_.reset();
  phase_ = after_close_;
  if (phase_ == Phase::kFinished) context_.listener.finished(true);
  return phase_ == Phase::kFinished ? kWhenWoken : due_after_close_ns_;
}

int64_t Pipeline::probe() {
  const bool new_secret = watches_secrets_ && services_.secrets_rotated();
  if (new_secret || now() >= probe_due_ns_) {
    phase_ = Phase::kConfigure;
    return now();
  }
  return watches_secrets_ ? std::min(now() + kSecretCheckEvery, probe_due_ns_) : probe_due_ns_;
}

}  // namespace host
