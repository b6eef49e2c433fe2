// One question and one answer at a time: a collector with the defaults, pages as short as a test
// needs them, and the answers' effect.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

constexpr int64_t kSecond = kNsPerSecond;
constexpr int64_t kNowS = 1'700'000'000;
constexpr int64_t kNow = kNowS * kSecond;

inline CollectorSettings settings() {
  CollectorSettings settings;
  settings.identity = "https://app.aikido.dev";
  settings.client_id = "AIK_CLIENT_a";
  settings.poll_interval_ns = 60 * kSecond;
  settings.late_arrival_window_ns = 5'400 * kSecond;
  settings.late_check_interval_ns = 600 * kSecond;
  settings.request_interval_ns = 10 * kSecond / 3;
  return settings;
}

// No fresh sweep comes between the pages of a late one.
inline CollectorSettings once() {
  CollectorSettings once = settings();
  once.run_once = true;
  return once;
}

inline CollectorSettings with_backfill(int64_t start_ns) {
  CollectorSettings with = settings();
  with.backfill_start_ns = start_ns;
  with.backfill_start_text = "2023-11-01";
  return with;
}

inline std::unique_ptr<Collector> begun(const CollectorSettings& with, int64_t now_ns = kNow) {
  Result<std::unique_ptr<Collector>> made = Collector::make(with, {});
  EXPECT_TRUE((*made)->first_run());
  (*made)->begin(now_ns);
  EXPECT_FALSE((*made)->first_run());
  return *std::move(made);
}

// A page of records with the ids and times given; its texts live as long as it.
struct Pages {
  std::deque<std::string> texts;
  Page of(std::initializer_list<std::pair<const char*, int64_t>> records,
          std::optional<bool> has_next = std::nullopt) {
    Page page;
    for (const auto& [id, time_ns] : records) add(page, id, time_ns);
    page.has_next = has_next;
    return page;
  }
  // `count` records, `first` and those after it, one a second from `time_ns` on.
  Page many(int count, int first, int64_t time_ns, std::optional<bool> has_next = std::nullopt) {
    Page page;
    for (int i = 0; i < count; ++i) add(page, std::to_string(first + i), time_ns + i * kSecond);
    page.has_next = has_next;
    return page;
  }
  void add(Page& page, const std::string& id, int64_t time_ns) {
    texts.push_back(id);
    page.records.push_back({texts.back(), texts.back(), true, time_ns});
    page.fingerprint = page.fingerprint * 31 + std::hash<std::string>()(id) + 1;
  }
};

inline PageRequest asked(Collector& collector, int64_t now_ns) {
  const auto next = collector.next(now_ns);
  EXPECT_TRUE(std::holds_alternative<PageRequest>(next));
  const PageRequest* request = std::get_if<PageRequest>(&next);
  return request ? *request : PageRequest();
}

inline int64_t idle_until(Collector& collector, int64_t now_ns) {
  const auto next = collector.next(now_ns);
  EXPECT_TRUE(std::holds_alternative<Idle>(next));
  const Idle* idle = std::get_if<Idle>(&next);
  return idle ? idle->until_ns : 0;
}

inline size_t delivered(Collector& collector, const PageRequest& request, const Page& page,
                        int64_t answer_ns = INT64_MAX) {
  const Result<Accepted> accepted = collector.accept(request, page, answer_ns);
  EXPECT_TRUE(accepted) << accepted.error().text;
  return accepted ? accepted->deliver.size() : 0;
}

}  // namespace aikido
