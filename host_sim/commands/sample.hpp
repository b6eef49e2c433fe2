// How dense records lie in time, by what a preview has seen of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace host::commands {

struct SeenRecord {
  int64_t time_ns = 0;                                  // since 1970
  uint64_t id = 0;                                      // the same for the same record
  auto operator<=>(const SeenRecord&) const = default;  // NOLINT(modernize-use-nullptr)
};

// A batch in the order of time is taken for a stretch of the service's list, for which no more is
// known of what lies between two batches; in any other order it may be a few of all there are. What
// is seen twice counts once.
class Sample {
 public:
  // One batch, without records whose time is unknown.
  void add(const std::vector<SeenRecord>& batch);
  // [from_s, end_s) was read to its end, so that there is no more in it than was added.
  void complete(int64_t from_s, int64_t end_s);
  // What was seen elsewhere.
  void include(const Sample& other);

  // Records a second where there are any: an empty range tells only that there are none in it.
  // Nothing where too few were seen.
  std::optional<double> density() const;
  size_t records() const;
  double seconds() const;  // over which they lie
  // Of the ranges in [from_s, end_s) that were read to their end and hold nothing.
  double empty_seconds(int64_t from_s, int64_t end_s) const;
  std::optional<int64_t> first_s() const;  // of the oldest record
  size_t largest_batch() const { return largest_batch_; }

 private:
  struct Stretch {
    double from_s = 0;
    double end_s = 0;
    bool whole = false;  // from its start on; else the first record only begins it
    size_t records = 0;
  };

  std::vector<SeenRecord> distinct() const;
  std::vector<Stretch> merged() const;

  std::vector<SeenRecord> seen_;
  std::vector<Stretch> stretches_;
  size_t largest_batch_ = 0;
};

}  // namespace host::commands
