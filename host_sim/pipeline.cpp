#include "host_sim/pipeline.hpp"

#include <algorithm>
#include <utility>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

// Soft bounds of a batch.
constexpr size_t kAskedRecords = 1000;
constexpr size_t kAskedBytes = 4 << 20;
constexpr int64_t kCountsEvery = 600 * kNsPerSecond;

}  // namespace

Pipeline::Pipeline(const PipelineManifest& manifest, std::shared_ptr<const Plugin> plugin,
                   Secrets& secrets, PipelineContext& context)
    : manifest_(manifest),
      plugin_(std::move(plugin)),
      context_(context),
      health_(manifest.name, context.services.clock, context.services.log),
      services_(manifest.name, context.services, secrets),
      trace_(manifest.name, plugin_->name()),
      cancel_trace_(manifest.name, plugin_->name()),
      retry_(context.once),
      counts_due_ns_(now() + kCountsEvery) {
  count_records(0);  // there to be watched before the first
}

int64_t Pipeline::step() {
  const PluginTurn turn(trace_);
  if (unkept_until_ == kAllKept) retry_.kept();
  // Until what it waits for is tried: these two look only whether it is time.
  if (phase_ != Phase::kClose && phase_ != Phase::kStopped) health_.wait_ends();
  if (const std::optional<Error> failure = window_.failure(); failure && phase_ != Phase::kClose)
    return failed_to_keep(*failure);
  switch (phase_) {
    case Phase::kConfigure:
      return configure();
    case Phase::kOpen:
      return open();
    case Phase::kBegin:
      return begin();
    case Phase::kCollect:
      return collect();
    case Phase::kReopen:
      return reopen();
    case Phase::kClose:
      return close();
    case Phase::kStopped:
      return probe();
    case Phase::kFinish:
      return finish();
    case Phase::kFinished:
      break;
  }
  return kWhenWoken;
}

int64_t Pipeline::configure() {
  // After a failure the next try shows when it succeeds, and not when it begins.
  if (health_.status().health == PipelineHealth::kPending)
    health_.change(PipelineHealth::kInitializing, "");
  const Result<void> read = read_state();
  if (!read) return failed(read.error());
  const Result<void> configured =
      slot_.fill(plugin_, services_.table(), manifest_.settings.dump(), state_.checkpoint);
  if (!configured) return failed(configured.error());
  const Result<void> usable = context_.outputs.check(manifest_.output);
  if (!usable && !was_configured_) return refused(usable.error());
  phase_ = Phase::kOpen;
  if (!std::exchange(was_configured_, true)) context_.listener.configured({});
  return now();
}

Result<void> Pipeline::read_state() {
  Result<std::optional<PipelineState>> state = context_.state.pipeline(name());
  if (!state) return std::move(state).error();
  has_state_ = state->has_value();
  state_ = has_state_ ? **std::move(state) : PipelineState{.plugin = manifest_.plugin};
  if (Result<void> own = check_maker(state_, manifest_.plugin, name()); !own) return own;
  records_ = state_.records;
  committed_until_ = state_.output.position;
  health_.starts_from(records_);
  return {};
}

int64_t Pipeline::open() {
  Result<OpenedOutput> opened = context_.outputs.open(
      manifest_.output, has_state_ ? std::optional(state_.output) : std::nullopt,
      ours_until_.value_or(state_.ours_until));
  if (!opened) return refused(opened.error());
  ours_until_ = kNothingOfOurs;
  if (!opened->remark.empty()) health_.remarked(opened->remark);
  output_ = std::move(opened->output);
  chain_ = std::make_shared<CommitChain>();
  phase_ = Phase::kCollect;
  // A tail has to be ours by the last commit before it is written.
  if (!opened->begins && state_.ours_until == kAllIsOurs) return now();
  state_.ours_until = kAllIsOurs;
  state_.output = output_->position();
  phase_ = Phase::kBegin;
  commit(nullptr, CONNECTOR_TIME_UNKNOWN, true);
  return now();
}

std::optional<int64_t> Pipeline::ours_until() const {
  if (!ours_until_) return {};
  return *ours_until_ <= committed_until_ ? kNothingOfOurs : *ours_until_;
}

int64_t Pipeline::begin() {
  if (window_.wait_for_fewer(0)) return kWhenWoken;
  has_state_ = true;
  phase_ = Phase::kCollect;
  return now();
}

int64_t Pipeline::collect() {
  if (held_.empty() && window_.wait_for_fewer(CommitWindow::kMost - 1)) return kWhenWoken;
  while (reads_on()) {
    const int64_t began = now();
    Result<PluginBatch> batch =
        slot_.next_batch({kAskedRecords, kAskedBytes, began + kLongestStep});
    rush_.stepped(batch ? batch->size() : 0, now() - began);
    // What came before is kept for itself: a failure may end the instance, and records that wait
    // for their checkpoint cannot be committed with it.
    if (!held_.empty() && (!batch || batch->checkpoint().empty()))
      if (const Result<void> kept = keep(); !kept) return refused(kept.error());
    if (!batch) return failed(batch.error());
    held_.hold(*std::move(batch));
  }
  return deliver();
}

// A batch is written at once. But in a rush those that come while commits are under way are written
// and committed together, for that takes longer than to read a page. Of stdout nobody knows how
// long its reader takes.
bool Pipeline::reads_on() {
  return held_.empty() || (rush_.goes_on() && held_.may_grow() && !window_.is_empty() &&
                           !cancelled_ && manifest_.output.type == OutputSettings::Type::kFile);
}

int64_t Pipeline::deliver() {
  if (held_.records() > 0 && (output_->replaced() || output_->overtaken())) {
    phase_ = Phase::kReopen;
    return now();
  }
  const connector::Wait wait = held_.last().wait();
  if (const Result<void> kept = keep(); !kept) return refused(kept.error());
  return due_after(wait);
}

Result<void> Pipeline::keep() {
  if (held_.records() > 0) {
    context_.crash_points.at("before_write");
    Result<void> written = output_->write(held_.lines());
    ours_until_ = output_->position().position;  // of a torn write, too
    if (!written) return written;
    context_.crash_points.at("after_write");
  }
  account(held_.last(), held_.records());
  hand_over(held_.last());
  held_.clear();
  return {};
}

// Without a checkpoint there is nothing to go on from: the records wait for the next one.
void Pipeline::hand_over(const PluginBatch& last) {
  if (!last.checkpoint().empty()) {
    goes_on_ = true;
    // A later one without records only says once more where the same records begin.
    const bool urgent = state_.checkpoint.empty() || records_ != state_.records;
    state_.checkpoint = last.checkpoint();
    state_.records = records_;
    state_.output = output_->position();
    commit(urgent ? output_ : nullptr, last.watermark_ns(), urgent,
           [this] { return gauges_text(context_.services.metrics.of(name())); });
  } else if (records_ == state_.records && window_.is_empty()) {
    if (unkept_until_ == kAllKept)
      health_.committed(records_, last.watermark_ns());
    else if (last.has_all())
      commit(output_, last.watermark_ns(), true);  // the same again: only the disk knows
  }
}

void Pipeline::account(const PluginBatch& last, int64_t records) {
  records_ += records;
  const bool progressed = records > 0 || !last.checkpoint().empty() || last.has_all();
  if (progressed) retry_.progressed();
  const std::string notice = one_line(context_.services.scrubber.scrub(last.notice()));
  show_health(last, progressed, notice);
  health_.delivered(records, last.progress(), notice);
  count_records(records);
  if (now() < counts_due_ns_) return;
  counts_due_ns_ = now() + kCountsEvery;
  log_counts();
}

int64_t Pipeline::due_after(const connector::Wait& wait) {
  const bool idle = wait.reason == CONNECTOR_WAIT_IDLE;
  if (wait.reason == CONNECTOR_WAIT_END || (idle && context_.once)) {
    phase_ = Phase::kFinish;
    return now();
  }
  health_.waits(wait.reason, wait.ns);
  // What comes first after a restart is the rest of a wait that was spread already; the last of all
  // pipelines is to be polled within the time between two polls.
  const bool spreads = idle && std::exchange(goes_on_, true);
  return now() + (spreads ? context_.with_jitter(wait.ns) : wait.ns);
}

void Pipeline::commit(std::shared_ptr<Output> output, int64_t watermark_ns, bool urgent,
                      std::function<std::string()> gauges) {
  window_.submitted();
  health_.commit_begins();
  context_.committer.submit(
      {.pipeline = name(),
       .state = state_,
       .gauges = std::move(gauges),
       .output = std::move(output),
       .urgent = urgent,
       .chain = chain_,
       .done = [this, records = state_.records, until = state_.output.position, watermark_ns,
                began = now()](const Result<void>& result) {
         health_.commit_ends(now() - began, static_cast<bool>(result));
         if (result) committed(records, until, watermark_ns);
         if (window_.completed(result)) context_.scheduler.wake(*this);
       }});
}

void Pipeline::committed(int64_t records, int64_t until, int64_t watermark_ns) {
  committed_until_ = until;
  health_.committed(records, watermark_ns);
  // An earlier one that was under way, or a part that still fits, is not the end of a trouble.
  int64_t unkept = unkept_until_;
  if (unkept != kAllKept && unkept <= records &&
      unkept_until_.compare_exchange_strong(unkept, kAllKept))
    show_well(health_.status().notice);
  if (unkept_until_ == kAllKept) health_.all_is_kept();
}

// What was written stays where it is, and is committed with its position before that of the new
// file, or that behind somebody else's bytes, takes its place.
int64_t Pipeline::reopen() {
  if (window_.wait_for_fewer(0)) return kWhenWoken;
  const Result<void> synced = output_->sync();
  if (!synced) return refused(synced.error());
  output_.reset();
  return open();
}

int64_t Pipeline::finish() {
  if (window_.wait_for_fewer(0)) {
    context_.committer.hurry();
    return kWhenWoken;
  }
  slot_.empty();
  output_.reset();
  phase_ = Phase::kFinished;
  health_.finished();
  context_.listener.finished(false);
  return kWhenWoken;
}

void Pipeline::cancel() {
  cancelled_ = true;
  health_.wait_ends();
  const PluginTurn turn(cancel_trace_);
  slot_.cancel();
}

void Pipeline::let_go() {
  const PluginTurn turn(trace_);
  held_.clear();
  slot_.empty();
}

}  // namespace host
