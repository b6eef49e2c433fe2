// A collector that resumes from a checkpoint which somebody else made up, and some steps of it
// through made-up times and pages. Whatever the checkpoint says, every step ends in a page to ask
// for, an idle time or an error, and in a checkpoint that can be read again.
#pragma once

#include <random>
#include <string>
#include <variant>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"
#include "tests/fuzz/law.hpp"

namespace fuzz {

inline aikido::CollectorSettings settings_of(const aikido::CheckpointData& data) {
  aikido::CollectorSettings settings;
  settings.identity = data.identity;
  settings.client_id = data.client_id;
  settings.backfill_start_text = data.backfill_start_text;
  settings.poll_interval_ns = 60 * aikido::kNsPerSecond;
  settings.late_arrival_window_ns = 5'400 * aikido::kNsPerSecond;
  settings.late_check_interval_ns = 600 * aikido::kNsPerSecond;
  settings.request_interval_ns = 3 * aikido::kNsPerSecond;
  return settings;
}

// A time that an edge of the data is near, or any.
inline int64_t some_time(const aikido::CheckpointData& data, std::mt19937& random) {
  const int64_t edges[] = {0,
                           data.frontier_ns,
                           data.late_opened_ns,
                           data.origin_ns,
                           1'700'000'000 * aikido::kNsPerSecond,
                           INT64_MAX,
                           static_cast<int64_t>(random()) << 31};
  return edges[random() % std::size(edges)];
}

inline aikido::Page some_page(const aikido::PageRequest& request, const std::string& ids,
                              std::mt19937& random) {
  aikido::Page page;
  const auto count = random() % 4;
  for (size_t i = 0; i < count && ids.size() > 4; ++i) {
    aikido::PageRecord record;
    record.id = std::string_view(ids).substr(random() % (ids.size() - 4), 1 + random() % 3);
    record.has_id = random() % 8 != 0;
    const int64_t second = request.start_s + static_cast<int64_t>(random() % 5);
    if (random() % 4 != 0 && second < aikido::kMostNs / aikido::kNsPerSecond)
      record.event_time_ns = second * aikido::kNsPerSecond;
    page.records.push_back(record);
    page.fingerprint = page.fingerprint * 31 + record.id.size() + 1;
  }
  if (random() % 2 == 0) page.has_next = random() % 2 == 0;
  return page;
}

// With the page, or now and then with an error that makes its kind rest.
inline void answer(aikido::Collector& collector, const aikido::PageRequest& request,
                   const aikido::Page& page, const aikido::CheckpointData& data,
                   std::mt19937& random) {
  if (random() % 8 != 0) {
    (void)collector.accept(request, page, some_time(data, random));
    return;
  }
  const connector::Error error = collector.failed(
      request, {connector::Status::kProtocol, "no page"}, some_time(data, random), random());
  law(error.wait.ns >= 0, "no wait is negative");
}

inline void resume_and_step(const aikido::CheckpointData& data, const std::string& bytes,
                            uint32_t seed) {
  constexpr int kSteps = 6;
  std::mt19937 random(seed);
  auto collector = aikido::Collector::make(settings_of(data), bytes);
  law(static_cast<bool>(collector), "a collector resumes from what it can read");
  law(!(*collector)->first_run(), "and takes it for no first run");
  for (int step = 0; step < kSteps; ++step) {
    const auto next = (*collector)->next(some_time(data, random));
    if (const auto* request = std::get_if<aikido::PageRequest>(&next)) {
      law(request->start_s >= 0 && request->page >= 0, "no request asks before 1970");
      answer(**collector, *request, some_page(*request, bytes, random), data, random);
    }
    law(static_cast<bool>(aikido::decode((*collector)->checkpoint())),
        "a collector's checkpoint can be read");
    const int32_t progress = (*collector)->progress();
    law(progress >= CONNECTOR_PROGRESS_UNKNOWN && progress <= 10'000, "progress is in its range");
    (void)(*collector)->watermark_ns();
    (void)(*collector)->notice();
    (void)(*collector)->remark();
  }
}

}  // namespace fuzz
