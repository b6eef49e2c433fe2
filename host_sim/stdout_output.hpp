// Records to stdout: at least once, for nobody can cut back what a reader has taken.
#pragma once

#include <mutex>

#include "host_sim/output.hpp"

namespace host {

// A batch is written as a whole, whatever other pipelines write. `mutex` is shared by them all.
class StdoutOutput final : public Output {
 public:
  StdoutOutput(int descriptor, std::mutex& mutex) : descriptor_(descriptor), mutex_(mutex) {}

  // CANCELLED when the reader has gone: nothing can ever be written again.
  Result<void> write(std::string_view lines) override;
  Result<void> sync() override;
  bool replaced() const override { return false; }
  OutputPosition position() const override { return {.kind = "stdout"}; }

 private:
  const int descriptor_;
  std::mutex& mutex_;
};

}  // namespace host
