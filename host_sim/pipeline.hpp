// One pipeline: what its plugin reads goes to its output, and then to the committer.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host_sim/commit_window.hpp"
#include "host_sim/committer.hpp"
#include "host_sim/health.hpp"
#include "host_sim/held_batches.hpp"
#include "host_sim/host_services.hpp"
#include "host_sim/instance_slot.hpp"
#include "host_sim/manifest.hpp"
#include "host_sim/plugin_call.hpp"
#include "host_sim/retry_policy.hpp"
#include "host_sim/rush.hpp"
#include "host_sim/scheduler.hpp"

namespace host {

class Pipeline;

// What a pipeline tells the host. Any thread.
class PipelineListener {
 public:
  virtual ~PipelineListener() = default;
  // Once for each pipeline: its settings were put to its plugin; `mistakes` is mostly empty.
  virtual void configured(const std::vector<Mistake>& mistakes) = 0;
  // Once for each pipeline of a run that ends: all is committed that it delivered.
  virtual void finished(bool failed) = 0;
  // Nobody reads the records any more, whichever pipeline they come from.
  virtual void reader_gone(const std::string& text) = 0;
};

// What all pipelines of a host share.
struct PipelineContext {
  SharedServices services;
  StateStore& state;
  Committer& committer;
  Outputs& outputs;
  Scheduler& scheduler;
  PipelineListener& listener;
  CrashPoints crash_points;
  std::filesystem::path manifest_file;  // for what is told of its lines
  bool once = false;
  std::function<int64_t(int64_t wait_ns)> with_jitter;  // of an idle wait
};

// A turn is one step of: configure an instance from the last commit, open the output and commit
// where it begins, then batch after batch: read, write, hand over to the committer. A failure goes
// back to the last commit. Turns are serialised by the scheduler, and let_go comes after the last;
// cancel, status and call_in_progress may be called by any thread.
class Pipeline final : public Task {
 public:
  // All but the plugin outlive the pipeline.
  Pipeline(const PipelineManifest& manifest, std::shared_ptr<const Plugin> plugin, Secrets& secrets,
           PipelineContext& context);

  const std::string& name() const override { return manifest_.name; }
  int64_t step() override;
  void starves(int64_t due_for_ns, size_t workers) override;

  // Logs what it has done so far. Any thread.
  void log_counts();
  // A running turn ends soon, and no other one brings anything.
  void cancel();
  // Ends the instance, which may hang as any call into a plugin.
  void let_go();
  PipelineStatus status();
  const std::string& plugin_name() const { return trace_.plugin(); }
  // Calls into the plugin that have begun.
  uint64_t calls() const { return trace_.calls(); }
  // For a call that has taken `taken_ns`: makes the pipeline Erroring and true, when it is still
  // going on and has taken `patience_ns` longer than it may.
  bool tell_of_hanging(int64_t taken_ns, int64_t patience_ns);
  // The plugin's function that has not returned yet, or null.
  const char* call_in_progress() const;
  // After the last turn and its commits: what stands behind the last one is ours up to there.
  // Nothing where the output was never opened, and nothing is known that was not before.
  std::optional<int64_t> ours_until() const;

 private:
  enum class Phase {
    kConfigure,  // make an instance from the last commit
    kOpen,       // open the output where the last commit left it
    kBegin,      // wait until the output's first position is committed
    kCollect,    // read a batch and deliver it
    kReopen,     // wait for the commits, then leave an output that is not only ours any more
    kClose,      // after a failure: wait for the commits, then go on with `after_close_`
    kStopped,    // wait for the next probe
    kFinish,     // caught up in a run that ends: wait for the commits
    kFinished,
  };

  int64_t configure();
  int64_t open();
  int64_t begin();
  int64_t collect();
  bool reads_on();
  int64_t deliver();
  int64_t reopen();
  int64_t close();
  int64_t probe();
  int64_t finish();

  Result<void> read_state();
  Result<void> keep();  // writes what is held, and hands it over to the committer
  void hand_over(const PluginBatch& last);
  void account(const PluginBatch& last, int64_t records);
  void count_records(int64_t records);
  void show_health(const PluginBatch& batch, bool progressed, const std::string& notice);
  void show_back_off(const std::string& notice, int64_t wait_ns);
  void show_well(const std::string& notice);  // any thread
  bool is_kept(const PluginBatch& batch);
  int64_t due_after(const connector::Wait& wait);
  void commit(std::shared_ptr<Output> output, int64_t watermark_ns, bool urgent,
              std::function<std::string()> gauges = nullptr);
  void committed(int64_t records, int64_t until, int64_t watermark_ns);  // any thread

  int64_t failed(const Error& error);
  int64_t failed_to_keep(const Error& error);
  int64_t refused(const Error& error);
  bool is_first_answer(const Error& error, const std::vector<Mistake>& mistakes);
  Error with_lines(const Error& error, const std::vector<Mistake>& mistakes) const;
  int64_t act(const Decision& decision, const Error& error);
  void tell_failure(PipelineHealth health, const std::string& text, const std::string& next);
  int64_t close_and(Phase next, int64_t due_ns);
  int64_t now() const { return context_.services.clock.monotonic_ns(); }

  const PipelineManifest& manifest_;
  const std::shared_ptr<const Plugin> plugin_;
  PipelineContext& context_;
  HealthRecord health_;
  HostServices services_;
  PluginTrace trace_;
  PluginTrace cancel_trace_;  // a cancel is on a thread of its own, beside another call
  InstanceSlot slot_;
  RetryPolicy retry_;
  CommitWindow window_;
  std::atomic<bool> cancelled_ = false;
  // That a plugin may be at one.
  static constexpr int64_t kLongestStep = 600 * kNsPerSecond;
  // A write or a commit failed of what ends with this record, and none of it succeeded since.
  static constexpr int64_t kAllKept = -1;
  std::atomic<int64_t> unkept_until_ = kAllKept;

  Phase phase_ = Phase::kConfigure;
  bool was_configured_ = false;
  bool goes_on_ = false;    // it has waited, or got beyond where the start found it
  bool has_state_ = false;  // a commit of this pipeline exists
  PipelineState state_;     // as of the last commit that was handed over
  int64_t records_ = 0;     // written, committed or not
  int64_t counts_due_ns_;   // when what it has done is logged next
  std::shared_ptr<Output> output_;
  std::optional<int64_t> ours_until_;         // what we wrote ends here; none before it is opened
  std::atomic<int64_t> committed_until_ = 0;  // what is committed of it, here
  std::shared_ptr<CommitChain> chain_;
  Rush rush_;
  HeldBatches held_;  // released before the instance
  Phase after_close_ = Phase::kConfigure;
  int64_t due_after_close_ns_ = 0;
  int64_t probe_due_ns_ = 0;
  bool watches_secrets_ = false;  // stopped for a secret: a new one is tried at once
};

}  // namespace host
