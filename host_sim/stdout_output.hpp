// Records to stdout: at least once, for nobody can cut back what a reader has taken.
#pragma once

#include <string_view>

#include "host_sim/output.hpp"

namespace host {

// A batch is written as a whole, whatever other pipelines write. After a write that failed amid a
// line the next one begins a new line: what is torn is no record, and spoils none.
class StdoutOutput final : public Output {
 public:
  explicit StdoutOutput(Stdout& to) : to_(to) {}

  // CANCELLED when the reader has gone, or the host stops: nothing can ever be written again.
  Result<void> write(std::string_view lines) override;
  Result<void> sync() override;
  bool replaced() const override { return false; }
  bool overtaken() const override { return false; }
  OutputPosition position() const override { return {.kind = "stdout"}; }

 private:
  Result<void> append(std::string_view bytes);
  Result<void> wait_for_room(int& patience) const;

  Stdout& to_;
};

}  // namespace host
