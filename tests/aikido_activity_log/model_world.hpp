// One world out of a seed: an organisation, settings, a pace, outages and crashes; the collector
// lives in it until all is quiet, and every law is checked on the way.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "plugins/aikido_activity_log/collector.hpp"
#include "tests/aikido_activity_log/model_clocks.hpp"
#include "tests/aikido_activity_log/model_server.hpp"

namespace aikido::model {

struct Plan {
  Switches switches;
  CollectorSettings settings;
  int64_t begin_ns = 0;    // the first run
  int64_t end_ns = 0;      // nothing appears from here on
  double crash = 0;        // how often an answer is followed by a crash
  double outage = 0;       // .. by an outage
  double lost = 0;         // .. is lost on its way
  double uncommitted = 0;  // .. is not yet durable
  int64_t longest_outage_ns = 0;
  int64_t down_from_ns = INT64_MAX;  // one outage made to measure
  int64_t down_to_ns = 0;
  // Pages that fail until then: of this kind of sweep, from this number on.
  SweepKind bad_kind = SweepKind::kBackfill;
  int64_t bad_page = 0;
  int64_t bad_until_ns = 0;
  ClockErrors clocks;
  bool changes_settings = false;
};

// The laws that did not hold, one a line, or empty.
class World {
 public:
  explicit World(uint64_t seed);
  // A world made to measure.
  World(uint64_t seed, Plan plan, Server server);

  // Lives until `end_ns`, then until all is delivered, and checks the result.
  std::string live();

  // What was asked, by kind, while live() ran.
  int64_t requests(SweepKind kind) const { return requests_[static_cast<size_t>(kind)]; }
  std::string description() const;

  struct Output {
    size_t record;
    int64_t time_ns;  // when it was delivered
  };
  const std::vector<Output>& output() const { return output_; }
  const Server& server() const { return server_; }
  size_t greatest_checkpoint() const { return greatest_checkpoint_; }
  // As it was at each commit.
  const std::vector<int32_t>& progress() const { return progress_; }
  int64_t backfill_done_ns() const { return backfill_done_ns_; }
  const std::string& last_notice() const { return last_notice_; }
  int64_t late_records() const { return late_records_; }
  int64_t greatest_lateness_ns() const { return greatest_lateness_ns_; }

 private:
  void start(std::string_view checkpoint);
  void first_run();
  void run_until(int64_t end_ns);
  bool step();
  void ask(const PageRequest& request);
  void take(const PageRequest& request, const Page& page, int64_t answer_ns);
  void fail(const PageRequest& request);
  void commit();
  void misfortune();
  void crash();
  void finish();

  void check_resumed();
  void check_watermark();
  void check_output();
  void check_quiet_run();
  void check_memory();
  void broken(const std::string& law);
  bool expected(const Record& record) const;
  int64_t input_now() { return clocks_.input_ns(now_ns_); }
  bool chance(double share) { return std::bernoulli_distribution(share)(random_); }
  int64_t between(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random_);
  }

  std::mt19937_64 random_;
  uint64_t seed_;
  Plan plan_;
  Server server_;
  std::unique_ptr<Collector> collector_;

  int64_t most_requests_;
  int64_t least_window_ns_ = 0;  // no record surfaces later

  int64_t now_ns_ = 0;        // the server's true time
  int64_t next_slot_ns_ = 0;  // of the pace
  Clocks clocks_;
  int64_t origin_ns_ = 0;
  int64_t requests_[3] = {};
  int64_t total_requests_ = 0;
  std::vector<Output> output_;
  std::vector<int> delivered_;
  size_t committed_output_ = 0;
  std::string committed_;
  std::string broken_;
  bool calm_ = false;
  size_t greatest_checkpoint_ = 0;
  std::vector<int32_t> progress_;
  int64_t backfill_done_ns_ = 0;  // when the last request of the backfill was answered
  int64_t late_records_ = 0;
  int64_t greatest_lateness_ns_ = 0;
  std::string last_notice_;  // before the end
  int failures_ = 0;         // since the last start or success
};

Plan random_plan(std::mt19937_64& random);
Server random_server(std::mt19937_64& random, const Plan& plan);

}  // namespace aikido::model
