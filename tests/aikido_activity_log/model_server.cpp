#include "tests/aikido_activity_log/model_server.hpp"

#include <algorithm>
#include <functional>

namespace aikido::model {
namespace {

constexpr size_t kPage = kRecordsPerPage;

uint64_t fingerprint(const std::vector<PageRecord>& records) {
  uint64_t sum = records.empty() ? 0 : 1;
  for (const PageRecord& record : records)
    sum = sum * 1'000'003 + std::hash<std::string_view>()(record.data);
  return sum;
}

PageRecord shown(const Record& record) {
  return {record.data, record.id, record.has_id,
          record.timed ? record.time_ns : CONNECTOR_TIME_UNKNOWN};
}

}  // namespace

void Server::add(Record record) {
  record.data = std::to_string(records_.size());
  records_.push_back(std::move(record));
}

void Server::seal(int64_t end_ns) {
  for (const Record& record : records_)
    if (record.visible_ns <= end_ns && record.time_ns < end_ns)
      (record.timed || !switches_.timeless_always ? by_time_ : timeless_).push_back(&record);
  std::stable_sort(by_time_.begin(), by_time_.end(), [](const Record* left, const Record* right) {
    return left->time_ns < right->time_ns;
  });
}

Page Server::answer(const PageRequest& request, int64_t now_ns, std::mt19937_64& random) {
  Page answer = page(request, now_ns);
  const bool header = switches_.header == Header::kPresent ||
                      (switches_.header == Header::kSometimes && random() % 3 != 0);
  if (!header) answer.has_next.reset();
  const bool follows = last_asked_.kind == request.kind && last_asked_.end_s == request.end_s &&
                       last_asked_.page + 1 == request.page && !last_.records.empty();
  const bool slips = follows && std::bernoulli_distribution(switches_.slips)(random);
  last_asked_ = request;
  if (slips) return last_;
  return last_ = answer;
}

Page Server::page(const PageRequest& request, int64_t now_ns) const {
  const std::vector<const Record*> all = list(request, now_ns);
  const size_t from = std::min(all.size(), static_cast<size_t>(request.page) * kPage);
  const size_t to = std::min(all.size(), from + kPage);
  Page page;
  for (size_t i = from; i < to; ++i)
    if (all[i]->matches) page.records.push_back(shown(*all[i]));
  page.fingerprint = fingerprint(page.records);
  page.has_next = to < all.size();
  return page;
}

size_t Server::listed(const PageRequest& request, int64_t now_ns) const {
  return list(request, now_ns).size();
}

std::vector<const Record*> Server::list(const PageRequest& request, int64_t now_ns) const {
  const int64_t start_ns = request.start_s * kNsPerSecond;
  const int64_t end_ns = request.end_s * kNsPerSecond;
  const auto earlier = [](const Record* record, int64_t time) { return record->time_ns < time; };
  auto at = std::lower_bound(by_time_.begin(), by_time_.end(),
                             start_ns + (switches_.start_inclusive ? 0 : 1), earlier);
  std::vector<const Record*> found;
  for (; at != by_time_.end() && (*at)->time_ns < end_ns + (switches_.end_inclusive ? 1 : 0); ++at)
    if ((*at)->visible_ns <= now_ns) found.push_back(*at);
  for (const Record* record : timeless_)
    if (record->visible_ns <= now_ns) found.push_back(record);
  if (switches_.order == Order::kDescending) std::reverse(found.begin(), found.end());
  if (switches_.order > Order::kDescending)
    std::sort(found.begin(), found.end(),
              [this](const Record* left, const Record* right) { return before(left, right); });
  return found;
}

bool Server::before(const Record* left, const Record* right) const {
  return switches_.order == Order::kByIdDescending ? left->rank > right->rank
                                                   : left->rank < right->rank;
}

}  // namespace aikido::model
