// long_run: what collecting at a steady rate takes over a long time, by the real host, plugin and
// stand-in on simulated time. Prints one row of a table in Markdown; exit 1 where something is
// missing or came twice.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "tests/end_to_end/footprint.hpp"
#include "tests/simulation/memory.hpp"

namespace benchmarks {
namespace {

using end_to_end::Footprint;
using end_to_end::kDay;
using end_to_end::kHour;
using end_to_end::kMinute;

struct Options {
  int64_t days = 1;
  double per_minute = 1;
  double late = 0.5;
};

// In one process with the organisation, whose activity is there before the first run: what the
// process grows by is the host's and the stand-in's index, four bytes a record.
class LongRun {
 public:
  explicit LongRun(const Options& options) : options_(options) {
    world_.log_level = host::LogLevel::kError;
    world_.at_line = [this](std::string_view) { ++lines_; };
    world_.add_stream(begin_ns_, options.days * kDay, options.per_minute,
                      {.late_fraction = options.late});
    world_.watch_each(10 * kMinute, [this](const host::PipelineStatus&) { look(); });
    resident_before_ = simulation::resident_bytes();
  }

  bool live() {
    const bool ran = world_.run_for(options_.days * kDay) == 0;
    world_.down_for(2 * kHour);
    if (!ran || world_.run_once() != 0) std::cerr << world_.log();
    look();
    return lines_ == world_.server().organisation().visible(world_.clock().now_ns());
  }

  void print() const {
    std::printf("| %lld %s, %g a minute | %zu | %zu | %.1f | %.0f | %.1f | %.1f |\n",
                static_cast<long long>(options_.days), options_.days == 1 ? "day" : "days",
                options_.per_minute, lines_, requests_,
                static_cast<double>(greatest_.checkpoint) / 1024,
                static_cast<double>(greatest_.state) / 1024, mib(grown_first_), mib(grown_));
  }

 private:
  static double mib(int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

  void look() {
    requests_ += world_.server().log().count();
    world_.server().log().clear();
    greatest_.widen(end_to_end::footprint(world_));
    grown_ = std::max(grown_, simulation::resident_bytes() - resident_before_);
    if (world_.clock().now_ns() < begin_ns_ + 6 * kHour) grown_first_ = grown_;
  }

  Options options_;
  end_to_end::World world_;
  const int64_t begin_ns_ = world_.clock().now_ns();
  size_t lines_ = 0;
  size_t requests_ = 0;
  Footprint greatest_;
  int64_t resident_before_ = 0;
  int64_t grown_first_ = 0;
  int64_t grown_ = 0;
};

}  // namespace
}  // namespace benchmarks

int main(int count, char** arguments) {
  benchmarks::Options options;
  CLI::App app("What a host keeps and holds at a steady rate, over simulated days");
  app.add_option("--days", options.days)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--per-minute", options.per_minute, "Records")->capture_default_str();
  app.add_option("--late", options.late, "Of the records surface up to an hour late")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  CLI11_PARSE(app, count, arguments);
  benchmarks::LongRun run(options);
  const bool complete = run.live();
  run.print();
  if (!complete) std::cerr << "long_run: not every record came once\n";
  return complete ? 0 : 1;
}
