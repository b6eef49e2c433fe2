#include "tests/fake_aikido/organisation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {
namespace {

constexpr size_t kKeptSelections = 8;

// For a heap whose front is the next to surface.
struct Later {
  const std::deque<Record>& records;
  bool operator()(uint32_t left, uint32_t right) const {
    return records[left].visible_ns > records[right].visible_ns;
  }
};

// A stable order that has nothing to do with time or id.
uint64_t scrambled(int64_t number) {
  uint64_t z = static_cast<uint64_t>(number) + 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

bool by_time(Order order) { return order == Order::kAscending || order == Order::kDescending; }

bool filters(const PageQuery& query) {
  return query.repository_id || query.cloud_id || query.by_aikido || !query.actions.empty() ||
         !query.search.empty();
}

bool ids_match(const Record& record, const PageQuery& query, bool both_ids) {
  const bool repository = !query.repository_id || record.repository_id == query.repository_id;
  const bool cloud = !query.cloud_id || record.cloud_id == query.cloud_id;
  if (both_ids || !query.repository_id || !query.cloud_id) return repository && cloud;
  return repository || cloud;
}

bool matches(const Record& record, const PageQuery& query, bool both_ids) {
  if (record.withheld || !ids_match(record, query, both_ids)) return false;
  if (query.by_aikido && record.by_aikido != *query.by_aikido) return false;
  if (!query.actions.empty() &&
      std::find(query.actions.begin(), query.actions.end(), record.action) == query.actions.end())
    return false;
  return query.search.empty() || record.text.find(query.search) != std::string::npos;
}

std::string key_of(const PageQuery& query, bool both_ids, size_t first, size_t last) {
  std::string key = std::to_string(first) + '-' + std::to_string(last) + (both_ids ? '&' : '|');
  const auto add = [&key](const auto& number) {
    key += number ? std::to_string(*number) + ',' : std::string(",");
  };
  add(query.repository_id);
  add(query.cloud_id);
  add(query.by_aikido);
  for (const std::string& action : query.actions) key += action + ',';
  return key + '?' + query.search;
}

}  // namespace

void Organisation::add(Record record) {
  std::vector<Record> one;
  one.push_back(std::move(record));
  add(std::move(one));
}

void Organisation::add(std::vector<Record> records) {
  const std::lock_guard lock(mutex_);
  for (Record& record : records) {
    any_withheld_ |= record.withheld;
    records_.push_back(std::move(record));
    hidden_.push_back(static_cast<uint32_t>(records_.size() - 1));
    std::push_heap(hidden_.begin(), hidden_.end(), Later{records_});
  }
}

Listed Organisation::list(const PageQuery& query, const Switches& switches, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  set_order(switches.order, switches.ties);
  surface(now_ns);
  const View from = view(query, switches, now_ns);

  const size_t size = static_cast<size_t>(query.per_page);
  const size_t begin = std::min(from.count, static_cast<size_t>(query.page) * size);
  const size_t end = std::min(from.count, begin + size);
  Listed listed;
  listed.has_next = end < from.count;
  for (size_t rank = begin; rank < end; ++rank) {
    const Record& record = records_[from.at(rank)];
    if (matches(record, query, switches.both_id_filters)) listed.texts.push_back(record.text);
  }
  return listed;
}

Organisation::View Organisation::view(const PageQuery& query, const Switches& switches,
                                      int64_t now_ns) {
  int64_t from = query.start_s ? *query.start_s + !switches.start_inclusive : INT64_MIN;
  const int64_t to = query.end_s ? *query.end_s + switches.end_inclusive : INT64_MAX;
  if (switches.retention_s > 0) from = std::max(from, now_ns / kSecond - switches.retention_s);
  const size_t first = first_at_or_after(from);
  const size_t last = std::max(first, first_at_or_after(to));

  const bool backwards = order_ == Order::kDescending;
  const bool narrow = !switches.filter_after_paging && (filters(query) || any_withheld_);
  if (by_time(order_) && !narrow) return {surfaced_, first, last - first, backwards};
  const Index& index = narrow ? select(query, switches.both_id_filters, first, last)
                              : select(std::nullopt, true, first, last);
  return {index, 0, index.size(), backwards};
}

void Organisation::set_order(Order order, Ties ties) {
  if (order == order_ && ties == ties_) return;
  order_ = order;
  ties_ = ties;
  selections_.clear();
  std::sort(surfaced_.begin(), surfaced_.end(),
            [this](uint32_t left, uint32_t right) { return time_before(left, right); });
}

void Organisation::surface(int64_t now_ns) {
  const size_t before = surfaced_.size();
  while (!hidden_.empty() && records_[hidden_.front()].visible_ns <= now_ns) {
    surfaced_.push_back(hidden_.front());
    std::pop_heap(hidden_.begin(), hidden_.end(), Later{records_});
    hidden_.pop_back();
  }
  if (surfaced_.size() == before) return;
  selections_.clear();
  const auto before_in_time = [this](uint32_t left, uint32_t right) {
    return time_before(left, right);
  };
  const auto middle = surfaced_.begin() + static_cast<std::ptrdiff_t>(before);
  std::sort(middle, surfaced_.end(), before_in_time);
  std::inplace_merge(surfaced_.begin(), middle, surfaced_.end(), before_in_time);
}

bool Organisation::time_before(uint32_t left, uint32_t right) const {
  const int64_t left_s = records_[left].time_s;
  const int64_t right_s = records_[right].time_s;
  if (left_s != right_s) return left_s < right_s;
  // A descending listing is read backwards, and its ties with it.
  return order_ == Order::kDescending ? tie_before(right, left) : tie_before(left, right);
}

bool Organisation::tie_before(uint32_t left, uint32_t right) const {
  const int64_t left_number = records_[left].number;
  const int64_t right_number = records_[right].number;
  if (ties_ == Ties::kAsAdded || left_number == right_number) return left < right;
  return (left_number < right_number) == (ties_ == Ties::kAscendingId);
}

size_t Organisation::first_at_or_after(int64_t time_s) const {
  const auto found = std::lower_bound(
      surfaced_.begin(), surfaced_.end(), time_s,
      [this](uint32_t index, int64_t time) { return records_[index].time_s < time; });
  return static_cast<size_t>(found - surfaced_.begin());
}

// The surfaced ones of a range that match, in listing order. The next page of the same list finds
// the selection made.
const Organisation::Index& Organisation::select(const std::optional<PageQuery>& query,
                                                bool both_ids, size_t first, size_t last) {
  std::string key = key_of(query.value_or(PageQuery()), both_ids, first, last) + (query ? "" : "*");
  const auto kept = std::find_if(selections_.begin(), selections_.end(),
                                 [&key](const Selection& entry) { return entry.key == key; });
  if (kept != selections_.end()) {
    selections_.splice(selections_.begin(), selections_, kept);
    return selections_.front().index;
  }
  Index index;
  for (size_t rank = first; rank < last; ++rank)
    if (!query || matches(records_[surfaced_[rank]], *query, both_ids))
      index.push_back(surfaced_[rank]);
  if (!by_time(order_)) sort_by_key(index);
  selections_.push_front({std::move(key), std::move(index)});
  if (selections_.size() > kKeptSelections) selections_.pop_back();
  return selections_.front().index;
}

void Organisation::sort_by_key(Index& index) const {
  const auto key = [this](uint32_t at) {
    const int64_t number = records_[at].number;
    return order_ == Order::kById ? static_cast<uint64_t>(number) : scrambled(number);
  };
  std::sort(index.begin(), index.end(), [&key](uint32_t left, uint32_t right) {
    return std::pair(key(left), left) < std::pair(key(right), right);
  });
}

size_t Organisation::size() const {
  const std::lock_guard lock(mutex_);
  return records_.size();
}

size_t Organisation::visible(int64_t now_ns) const { return texts(now_ns).size(); }

size_t Organisation::late(int64_t now_ns) const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(records_.begin(), records_.end(), [now_ns](const Record& record) {
        return !record.withheld && record.visible_ns <= now_ns &&
               record.visible_ns > (record.time_s + 1) * kSecond;
      }));
}

std::vector<std::string_view> Organisation::texts(int64_t now_ns) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string_view> all;
  for (const Record& record : records_)
    if (!record.withheld && record.visible_ns <= now_ns) all.push_back(record.text);
  return all;
}

}  // namespace fake_aikido
