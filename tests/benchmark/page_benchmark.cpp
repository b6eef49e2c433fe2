// From a page's text to records that cross the border, and each part of that, beside a walk of the
// bare library over the same pages that only reads what the plugin reads.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdlib>
#include <numeric>

#include "plugins/aikido_activity_log/activity_log_input.hpp"
#include "plugins/aikido_activity_log/activity_page.hpp"
#include "plugins/aikido_activity_log/collector.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"
#include "tests/benchmark/pages.hpp"

namespace benchmarks {
namespace {

using aikido::ActivityPageParser;
using aikido::Collector;
using aikido::Page;
using aikido::PageRecord;
using aikido::PageRequest;
using benchmark::State;

void count(State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRecords));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(pages().bytes));
}

std::vector<Page> parsed_pages() {
  ActivityPageParser parser;
  std::vector<Page> parsed;
  for (const std::string& body : pages().bodies) parsed.push_back(*parser.parse(body));
  return parsed;
}

// A collector whose next question is the first page of the day's window.
std::unique_ptr<Collector> collector_at_the_day() {
  aikido::CollectorSettings settings;
  settings.backfill_start_text = "2026-01-01";
  settings.backfill_start_ns = kDayS * aikido::kNsPerSecond;
  settings.late_arrival_window_ns = settings.poll_interval_ns = 60 * aikido::kNsPerSecond;
  settings.late_check_interval_ns = settings.poll_interval_ns;
  auto collector = *Collector::make(settings, {});
  collector->begin((kDayS + 10 * aikido::kSecondsPerDay) * aikido::kNsPerSecond);
  return collector;
}

constexpr int64_t kNowNs = (kDayS + 10 * aikido::kSecondsPerDay) * aikido::kNsPerSecond;

// The backfill's first page is the next question: the newest records have been read.
PageRequest backfill_question(Collector& collector) {
  while (true) {
    const PageRequest asked = std::get<PageRequest>(collector.next(kNowNs));
    if (asked.kind == aikido::SweepKind::kBackfill) return asked;
    (void)collector.accept(asked, Page(), kNowNs);
  }
}

// A look ahead of the window finds nothing there.
PageRequest next_question(Collector& collector) {
  const PageRequest asked = std::get<PageRequest>(collector.next(kNowNs));
  if (!asked.looks_ahead) return asked;
  (void)collector.accept(asked, Page(), kNowNs);
  return std::get<PageRequest>(collector.next(kNowNs));
}

std::vector<size_t> accepted(Collector& collector, const Page& page) {
  const PageRequest asked = next_question(collector);
  auto taken = collector.accept(asked, page, kNowNs);
  if (!taken || taken->deliver.size() != page.records.size()) std::abort();
  return std::move(taken->deliver);
}

void hand_over(aikido::Result<connector::Batch> batch) {
  connector_batch given{};
  connector::border::give(*std::move(batch), &given);
  benchmark::DoNotOptimize(given);
  given.release(given.owner);
}

void bare_walk(State& state) {
  std::vector<simdjson::padded_string> bodies;
  for (const std::string& body : pages().bodies) bodies.emplace_back(body);
  simdjson::ondemand::parser parser;
  for (auto _ : state)
    for (const simdjson::padded_string& body : bodies) {
      simdjson::ondemand::document document = parser.iterate(body);
      for (simdjson::ondemand::object record : document.get_array()) {
        int64_t id = record["id"];
        int64_t timestamp = record["timestamp"];
        std::string_view text = record.raw_json();
        benchmark::DoNotOptimize(id);
        benchmark::DoNotOptimize(timestamp);
        benchmark::DoNotOptimize(text);
      }
    }
  count(state);
}
BENCHMARK(bare_walk);

void times(State& state) {
  const std::string token = std::to_string(kDayS);
  for (auto _ : state)
    for (size_t i = 0; i < kRecords; ++i)
      benchmark::DoNotOptimize(aikido::parse_record_time(token));
  count(state);
}
BENCHMARK(times);

void page_to_records(State& state) {
  ActivityPageParser parser;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::string> bodies = pages().bodies;
    auto collector = collector_at_the_day();
    backfill_question(*collector);
    state.ResumeTiming();
    for (std::string& body : bodies) {
      Page page = *parser.parse(std::move(body));
      const std::vector<size_t> deliver = accepted(*collector, page);
      hand_over(aikido::batch_of(std::move(page), deliver));
    }
  }
  count(state);
}
BENCHMARK(page_to_records);

void parse(State& state) {
  ActivityPageParser parser;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::string> bodies = pages().bodies;
    state.ResumeTiming();
    for (std::string& body : bodies) benchmark::DoNotOptimize(parser.parse(std::move(body)));
  }
  count(state);
}
BENCHMARK(parse);

void accept(State& state) {
  const std::vector<Page> parsed = parsed_pages();
  for (auto _ : state) {
    state.PauseTiming();
    auto collector = collector_at_the_day();
    backfill_question(*collector);
    state.ResumeTiming();
    for (const Page& page : parsed) benchmark::DoNotOptimize(accepted(*collector, page));
  }
  count(state);
}
BENCHMARK(accept);

void batch(State& state) {
  const std::vector<Page> parsed = parsed_pages();
  std::vector<size_t> all(aikido::kRecordsPerPage);
  std::iota(all.begin(), all.end(), size_t{0});
  for (auto _ : state)
    for (const Page& page : parsed) hand_over(aikido::batch_of(page, all));
  count(state);
}
BENCHMARK(batch);

void checkpoint(State& state) {
  const std::vector<Page> parsed = parsed_pages();
  auto collector = collector_at_the_day();
  backfill_question(*collector);
  for (const Page& page : parsed) accepted(*collector, page);
  for (auto _ : state)
    for (size_t i = 0; i < kPages; ++i) benchmark::DoNotOptimize(collector->checkpoint());
  count(state);
}
BENCHMARK(checkpoint);

}  // namespace
}  // namespace benchmarks

BENCHMARK_MAIN();
