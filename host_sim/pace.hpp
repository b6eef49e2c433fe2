// How often a service may be asked: slots per key, shared by every pipeline of the host and carried
// over its restarts.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "host_sim/clock.hpp"

namespace host {

// Slots of one key lie at least an interval apart, on the monotonic clock. Who is told to wait
// stands in a queue, so that of several pipelines at one key none is passed over for ever; who does
// not come back loses its place. Any thread.
class Pace {
 public:
  using Slots = std::map<std::string, int64_t>;  // by key, in wall time
  // `next_slots` is what the last run left. After an end that was not clean (`careful`) nobody
  // knows when the last request went out: for an hour, the first slot of every key is at least an
  // interval away.
  Pace(Clock& clock, bool careful, const Slots& next_slots);

  // 0 and the slot is taken, or the ns to wait and nothing is.
  int64_t acquire(const std::string& key, int64_t interval_ns, const std::string& who);
  // `keep` is told after each hold what the next run must know, on the thread of the call: one that
  // is killed must not forget that a service asked to be left alone. Before any other call.
  void keep_holds(std::function<void(const Slots&)> keep) { keep_ = std::move(keep); }
  // No slot before `duration_ns` from now.
  void hold(const std::string& key, int64_t duration_ns);
  // The longest interval that was asked for; 0: nobody has asked.
  int64_t longest_interval_ns();
  // Whether there is more to tell the next run than what the last one left.
  bool was_used();
  // `who` is gone and wants no slot any more.
  void leave(const std::string& who);

  // For the next run: the keys whose next slot is still to come, and how long it has to be careful
  // with those that were not asked for.
  Slots next_slots();

 private:
  struct Waiting {
    std::string who;
    int64_t expected_ns;  // when it was told to come again
  };
  struct Key {
    int64_t next_ns = INT64_MIN;
    bool asked_for = false;
    std::deque<Waiting> queue;
  };

  void put_off(const std::string& key, int64_t duration_ns);
  Key& key_of(const std::string& name, int64_t interval_ns);
  static void forget_absent(Key& key, int64_t now, int64_t interval_ns);
  static int64_t wait_in_queue(Key& key, int64_t now, int64_t interval_ns, const std::string& who);

  Clock& clock_;
  const int64_t started_ns_;
  int64_t careful_until_ns_ = INT64_MIN;
  std::function<void(const Slots&)> keep_;
  std::mutex mutex_;
  std::map<std::string, Key> keys_;
  int64_t longest_interval_ns_ = 0;
  bool used_ = false;
};

}  // namespace host
