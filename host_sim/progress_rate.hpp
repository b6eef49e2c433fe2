// How fast a pipeline goes, as somebody who looks at it wants to know.
#pragma once

#include <cstdint>
#include <optional>

namespace host {

// Of what was gained in this run alone, the last minutes counting most: at first the average of the
// run, and never a jump. One thread.
class ProgressRate {
 public:
  // What stands at one moment; `progress` in 0..10000 or CONNECTOR_PROGRESS_UNKNOWN. What is lost
  // (a new instance goes back to the last commit) counts as nothing gained.
  void note(int64_t now_ns, int64_t records, int32_t progress);

  // None before a second has passed.
  std::optional<double> records_per_second() const;
  // Until the progress is 10000, in ns, by the progress that came with records. None while the run
  // is too young to tell, or nothing moves.
  std::optional<int64_t> left_ns() const;

 private:
  // Gains and the seconds that they took, both fading alike.
  struct Fading {
    double gained = 0;
    double seconds = 0;
    void add(double gain, double seconds_more, double fade_seconds);
  };

  bool begun_ = false;
  int64_t last_ns_ = 0;
  int64_t records_ = 0;
  int32_t progress_ = 0;
  Fading record_rate_;
  Fading progress_rate_;
};

}  // namespace host
