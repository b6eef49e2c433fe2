// Realistic activity from a seed: the same one always gives the same records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/fake_aikido/organisation.hpp"

namespace fake_aikido {

// Which of the two forms that were seen a record has.
enum class Shape {
  kDocumented,  // integer id, Unix seconds, metadata.location
  kMonad,       // text id, ISO 8601, resource_type and so on
  kMixed,       // each record one or the other
};

struct ActivityStyle {
  uint64_t seed = 1;
  Shape shape = Shape::kDocumented;
  double late_fraction = 0;  // of the records that surface after their time
  int64_t latest_s = 3600;   // and by how much at most, from 1
  int64_t first_number = 1;  // ids count up from here, in the order of making
};

// One thread.
class ActivityMaker {
 public:
  explicit ActivityMaker(const ActivityStyle& style);
  // The next record: what happened at `time_s`.
  Record make(int64_t time_s);

  // Uniform in [least, most]; for callers who want their times from the same seed.
  int64_t number(int64_t least, int64_t most);
  bool chance(double probability);

 private:
  struct Event;
  Event event(int64_t time_s);

  ActivityStyle style_;
  std::mt19937_64 random_;
  int64_t next_number_;
};

// `count` records at random times in [from_s, to_s], some of them in the same second. Ids follow
// the time, but for late ones. In no particular order of visibility.
std::vector<Record> make_activity(size_t count, int64_t from_s, int64_t to_s,
                                  const ActivityStyle& style = {});

}  // namespace fake_aikido
