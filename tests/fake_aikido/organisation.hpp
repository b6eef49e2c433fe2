// The activity of one organisation, and what of it a request is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fake_aikido/switches.hpp"

namespace fake_aikido {

struct Record {
  int64_t time_s = 0;      // when it happened, Unix seconds: windows and order go by it
  int64_t visible_ns = 0;  // when the listing shows it first, Unix nanoseconds
  int64_t number = 0;      // its rank in an order by id
  std::string text = {};   // JSON, sent exactly so; need hold neither time nor id

  std::optional<int64_t> repository_id = {};
  std::optional<int64_t> cloud_id = {};
  std::string action = {};
  bool by_aikido = false;  // not by a user
  bool withheld = false;   // matches no request, as if by a permission
};

struct PageQuery {
  int64_t page = 0;
  int64_t per_page = 50;
  std::optional<int64_t> start_s = {};
  std::optional<int64_t> end_s = {};

  std::optional<int64_t> repository_id = {};
  std::optional<int64_t> cloud_id = {};
  std::optional<bool> by_aikido = {};
  std::vector<std::string> actions = {};
  std::string search = {};
};

struct Listed {
  std::vector<std::string_view> texts;  // valid as long as the organisation
  bool has_next = false;
};

// Records are added and never removed. Any thread.
class Organisation {
 public:
  void add(Record record);
  void add(std::vector<Record> records);

  // One page of what is visible at `now_ns`.
  Listed list(const PageQuery& query, const Switches& switches, int64_t now_ns);

  size_t size() const;
  size_t visible(int64_t now_ns) const;
  // Visible ones that had surfaced more than a second after their time.
  size_t late(int64_t now_ns) const;
  // Texts of all that are visible, in the order of their adding; valid as long as the organisation.
  std::vector<std::string_view> texts(int64_t now_ns) const;

 private:
  using Index = std::vector<uint32_t>;  // into records_
  struct Selection {
    std::string key;
    Index index;
  };
  // What the pages of one request are cut from.
  struct View {
    const Index& index;
    size_t first;
    size_t count;
    bool backwards;
    uint32_t at(size_t rank) const { return index[first + (backwards ? count - 1 - rank : rank)]; }
  };

  void set_order(Order order, Ties ties);
  void surface(int64_t now_ns);
  bool time_before(uint32_t left, uint32_t right) const;
  bool tie_before(uint32_t left, uint32_t right) const;
  size_t first_at_or_after(int64_t time_s) const;
  View view(const PageQuery& query, const Switches& switches, int64_t now_ns);
  const Index& select(const std::optional<PageQuery>& query, bool both_ids, size_t first,
                      size_t last);
  void sort_by_key(Index& index) const;

  mutable std::mutex mutex_;
  std::deque<Record> records_;  // a deque, so that texts stay where they are
  bool any_withheld_ = false;
  Index hidden_;    // not yet surfaced: a heap, the next one first
  Index surfaced_;  // by time, equal times so that the listing shows them as ties_ says
  Order order_ = Order::kDescending;
  Ties ties_ = Ties::kAscendingId;
  std::list<Selection> selections_;  // the last used first; dropped when something surfaces
};

}  // namespace fake_aikido
