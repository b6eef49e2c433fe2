// What a host consists of while it runs.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host_sim/command_line.hpp"
#include "host_sim/farewell.hpp"
#include "host_sim/host.hpp"
#include "host_sim/pipeline.hpp"

namespace host {

constexpr std::string_view kNoPipeline;  // of what is logged of all of them

// All that lives from the opening of the state to its end. Members are in the order of who uses
// whom: the committer goes first, for it reports to pipelines.
struct Host::Engine final : public PipelineListener {
  Engine(const CheckedManifest& manifest, const HostOptions& options,
         std::unique_ptr<StateStore> opened, const StateStore::LastRun& last);
  void make_pipelines(std::map<std::string, std::unique_ptr<Secrets>>& secrets);
  void warn_of_strays();
  void run();
  void stop();
  std::vector<PipelineStatus> statuses();
  std::vector<Pipeline*> hanging();
  void let_go();
  void report(const std::vector<Pipeline*>& lost);
  Result<void> end_run();

  void configured(const std::vector<Mistake>& mistakes) override;
  void finished(bool failed) override;
  void reader_gone(const std::string& text) override;

  const CheckedManifest& manifest;
  const HostOptions& options;
  const std::map<std::string, std::string> properties;
  const std::unique_ptr<StateStore> state;
  const bool after_crash;
  Pace pace;
  Metrics metrics;
  Scrubber scrubber;
  Outputs outputs;
  std::vector<std::unique_ptr<Pipeline>> pipelines;
  Scheduler scheduler;
  Committer committer;
  PipelineContext context;
  Farewell farewell;

  std::mutex mutex;
  std::vector<Mistake> mistakes;
  size_t configured_count = 0;
  size_t finished_count = 0;
  int exit_code = kExitDone;
};

}  // namespace host
