// What time it is at the server: an answer's Date and the host's monotonic clock since; before any
// answer the host's wall clock. One thread. A Date may be wrong: one of many servers whose clock is
// hours off must neither lose a record nor stop anything.
#pragma once

#include <cstdint>
#include <deque>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

class ServerTime {
 public:
  explicit ServerTime(connector::Host host) : host_(host) {}

  // To ask by: what the last answer said. Since 1970, as all times.
  int64_t now_ns() const;
  // To vouch by: the least that the answers of the last hour, or the last ten, allow. In the first
  // hour the host's wall clock has its say as well, if it is less than a day behind.
  int64_t surely_ns() const;
  // `date_s` is cut to the second, so within that second the estimate stands and does not run back.
  // One before `least_ns`, which an earlier answer vouched for, is wrong: it is that late at least.
  // At the first answer after a restart (`least_ns` is not kNever) the host's wall clock stands, to
  // ask by: else all would be due up to a second later than before.
  void learn(int64_t date_s, int64_t least_ns);

 private:
  struct Estimate {
    int64_t learnt_ns;  // on the monotonic clock
    int64_t number;     // of the answer
    int64_t offset_ns;  // server's time less the monotonic clock
  };
  void note(int64_t offset_ns, int64_t monotonic_ns);

  connector::Host host_;
  bool known_ = false;
  int64_t offset_ns_ = 0;       // of now_ns
  int64_t told_offset_ns_ = 0;  // the same, if no wall clock ever stands
  int64_t answers_ = 0;
  std::deque<Estimate> least_;  // each less than all that came later
};

}  // namespace aikido
