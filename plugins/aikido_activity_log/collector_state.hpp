// What a collector does with each question and each answer: steps on the checkpoint's data.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"
#include "plugins/aikido_activity_log/schedule.hpp"

namespace aikido {

constexpr int64_t sane(int64_t time_ns) { return std::clamp<int64_t>(time_ns, 0, kMostNs); }

struct Collector::State {
  // What was asked last, and the sweep as it is if the answer comes.
  struct Question {
    PageRequest request;
    Sweep sweep;
    bool opens = false;
    int64_t asked_ns = 0;
  };

  CollectorSettings settings;
  bool begun = false;
  CheckpointData data = {};
  Run run = {};
  std::optional<Question> question = {};

  int64_t window_s() const { return ceil_seconds(settings.late_arrival_window_ns); }
  Schedule schedule(int64_t now_ns) const { return {settings, data, run, now_ns}; }

  void begin(int64_t now_ns);
  std::variant<PageRequest, Idle> next(int64_t now_ns);
  PageRequest page_of(const Sweep& sweep, SweepKind kind) const;
  Result<Accepted> accept(const PageRequest& request, const Page& page, int64_t answer_ns);
  Error failed(const PageRequest& request, Error error, int64_t now_ns, int64_t rest_ns);

  void take_over(CheckpointData before);
  void count_request(SweepKind kind);
  void started(SweepKind kind, const Sweep& sweep, int64_t now_ns);
  void notice_short_page(const Page& page, const Sweep& now, int64_t now_ns);
  void go_on(SweepKind kind, Sweep sweep, Turn turn);
  bool may_hold_edge(const Sweep& sweep) const;
  void finish(SweepKind kind, Sweep sweep, bool for_now, int64_t now_ns);
};

}  // namespace aikido
