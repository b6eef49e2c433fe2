#include "host_sim/commit_window.hpp"

#include <utility>

namespace host {

void CommitWindow::submitted() {
  const std::lock_guard lock(mutex_);
  ++under_way_;
}

bool CommitWindow::completed(const connector::Result<void>& result) {
  const std::lock_guard lock(mutex_);
  --under_way_;
  const bool first_failure = !result && !failure_;
  if (first_failure) failure_ = result.error();
  return std::exchange(awaited_, false) || first_failure;
}

bool CommitWindow::wait_for_fewer(size_t most) {
  const std::lock_guard lock(mutex_);
  awaited_ = under_way_ > most;
  return awaited_;
}

bool CommitWindow::is_empty() {
  const std::lock_guard lock(mutex_);
  return under_way_ == 0;
}

std::optional<connector::Error> CommitWindow::failure() {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void CommitWindow::clear() {
  const std::lock_guard lock(mutex_);
  failure_.reset();
}

}  // namespace host
