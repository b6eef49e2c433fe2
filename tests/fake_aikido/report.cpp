#include "tests/fake_aikido/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "tests/fake_aikido/json_layout.hpp"
#include "tests/fake_aikido/page_query.hpp"

namespace fake_aikido {
std::string report(Server& server, int64_t now_ns, size_t backlog) {
  const RequestLog& log = server.log();
  const auto entries = log.entries();
  const auto refused = std::count_if(entries.begin(), entries.end(),
                                     [](const auto& entry) { return entry.status != 200; });
  const nlohmann::ordered_json json{
      {"records", server.organisation().visible(now_ns)},
      {"late", server.organisation().late(now_ns)},
      {"late_since_first_request",
       entries.empty() ? 0
                       : server.organisation().late(now_ns) -
                             server.organisation().late(entries.front().asked.time_ns)},
      {"requests", entries.size()},
      {"token_requests", log.count(Kind::kToken)},
      {"page_requests", log.count(Kind::kPage)},
      {"refused_requests", refused},
      {"most_in_rolling_minute", log.most_in_rolling_minute()},
      {"least_backfill_requests", 1 + (backlog + kLargestPage - 1) / kLargestPage}};
  return json.dump(2) + '\n';
}

std::string dump(Server& server, int64_t now_ns) {
  std::string lines;
  for (const std::string_view text : server.organisation().texts(now_ns))
    lines += compact(text) + '\n';
  return lines;
}

}  // namespace fake_aikido
