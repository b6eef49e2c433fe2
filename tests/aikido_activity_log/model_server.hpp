// The activity log of a modelled organisation: what a request shows at a moment, for every reading
// of what the vendor leaves open. In memory, without HTTP or JSON.
#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido::model {

enum class Order { kAscending, kDescending, kById, kByIdDescending, kShuffled };
enum class Header { kAbsent, kPresent, kSometimes };

struct Record {
  int64_t time_ns = 0;     // the server lists by it, whether it shows it or not
  int64_t visible_ns = 0;  // when it first appears
  uint64_t rank = 0;       // its place where the order is by id or shuffled
  std::string id;
  std::string data;  // its index, so that a delivery can be told
  bool has_id = true;
  bool timed = true;
  bool matches = true;  // else filtered out, after paging
};

struct Switches {
  Order order = Order::kAscending;
  Header header = Header::kAbsent;
  bool start_inclusive = true;
  bool end_inclusive = true;
  bool timeless_always = false;  // a record without time is listed whatever the bounds
  double slips = 0;              // how often an answer is once more that to the request before
};

// One thread. Pages view into it.
class Server {
 public:
  explicit Server(Switches switches) : switches_(switches) {}

  void add(Record record);
  // Once, after the last add. What would appear after `end_ns` never does.
  void seal(int64_t end_ns);

  Page answer(const PageRequest& request, int64_t now_ns, std::mt19937_64& random);
  // How many matching records such a request lists in all.
  size_t listed(const PageRequest& request, int64_t now_ns) const;

  const std::deque<Record>& records() const { return records_; }
  const Switches& switches() const { return switches_; }

 private:
  std::vector<const Record*> list(const PageRequest& request, int64_t now_ns) const;
  bool before(const Record* left, const Record* right) const;
  Page page(const PageRequest& request, int64_t now_ns) const;

  Switches switches_;
  std::deque<Record> records_;
  std::vector<const Record*> by_time_;
  std::vector<const Record*> timeless_;  // those listed whatever the bounds
  Page last_;
  PageRequest last_asked_;
};

}  // namespace aikido::model
