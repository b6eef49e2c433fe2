// New records while a server runs, some of them late.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/organisation.hpp"

namespace fake_aikido {

// One thread; it moves when it is told the time.
class LiveActivity {
 public:
  // `style.latest_s` says how late the late ones are. `lasts_ns`: kNever for no end.
  LiveActivity(Organisation& organisation, const ActivityStyle& style, double per_minute,
               int64_t begin_ns, int64_t lasts_ns);

  // Adds what has happened since the last call.
  void go_on(int64_t now_ns);

 private:
  Organisation& organisation_;
  ActivityMaker maker_;
  double per_minute_;
  int64_t begin_ns_;
  int64_t lasts_ns_;
  size_t made_ = 0;
};

}  // namespace fake_aikido
