#include "tests/many_pipelines/requests_seen.hpp"

#include <algorithm>
#include <unordered_map>

namespace many_pipelines {
namespace {

using fake_aikido::LoggedRequest;

// By the number of the client, in the order of time.
std::vector<std::vector<int64_t>> page_times(const Options& options,
                                             const fake_aikido::RequestLog& log, int64_t from_ns,
                                             int64_t to_ns) {
  std::unordered_map<std::string, size_t> numbers;
  for (int64_t number = 0; number < options.pipelines; ++number)
    numbers.emplace(client_id(number), static_cast<size_t>(number));
  std::vector<std::vector<int64_t>> times(static_cast<size_t>(options.pipelines));
  for (const LoggedRequest& request : log.entries()) {
    const fake_aikido::Asked& asked = request.asked;
    const auto number = numbers.find(asked.client);
    if (number == numbers.end() || asked.kind != fake_aikido::Kind::kPage) continue;
    if (asked.time_ns >= from_ns && asked.time_ns < to_ns)
      times[number->second].push_back(asked.time_ns);
  }
  return times;
}

}  // namespace

std::optional<int64_t> all_have_asked_ns(const Options& options, const fake_aikido::RequestLog& log,
                                         int64_t from_ns) {
  int64_t last_ns = from_ns;
  for (const auto& times : page_times(options, log, from_ns, INT64_MAX)) {
    if (times.empty()) return std::nullopt;
    last_ns = std::max(last_ns, times.front());
  }
  return last_ns;
}

Polls polls_in(const Options& options, const fake_aikido::RequestLog& log, int64_t from_ns,
               int64_t to_ns) {
  Polls polls;
  for (const auto& times : page_times(options, log, from_ns, to_ns)) {
    polls.count += static_cast<int64_t>(times.size());
    int64_t before_ns = from_ns;
    for (const int64_t time_ns : times) {
      polls.longest_gap_ns = std::max(polls.longest_gap_ns, time_ns - before_ns);
      before_ns = time_ns;
    }
    polls.longest_gap_ns = std::max(polls.longest_gap_ns, to_ns - before_ns);
  }
  return polls;
}

}  // namespace many_pipelines
