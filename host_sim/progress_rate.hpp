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
  // Until the progress is 10000, in ns, by the progress that came with records. None until 20 s
  // and a tenth of what was open are behind this run, nor while its pace changes, or nothing moves:
  // in a history that grows tenfold, or whose beginning or a month is of quite another density than
  // the rest, what is told is within a factor of four of the truth.
  std::optional<int64_t> left_ns() const;

 private:
  // Gains and the seconds that they took, both fading alike.
  struct Fading {
    double gained = 0;
    double seconds = 0;
    void add(double gain, double seconds_more, double fade_seconds);
  };

  void note_progress(double gain, double seconds);
  bool tells_of_the_rest(double left) const;

  bool begun_ = false;
  int64_t last_ns_ = 0;
  int64_t records_ = 0;
  int32_t progress_ = 0;
  Fading record_rate_;
  Fading progress_rate_;
  Fading run_;  // the progress of all of it, which never fades
};

}  // namespace host
