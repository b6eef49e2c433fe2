#include "host_sim/farewell.hpp"

namespace host {

Farewell::~Farewell() {
  if (thread_.joinable()) thread_.join();
}

void Farewell::say(std::vector<Pipeline*> pipelines, int64_t grace_ns) {
  if (pipelines.empty()) return;
  const int64_t until = clock_.monotonic_ns() + grace_ns;
  std::unique_lock lock(mutex_);
  staying_ = std::move(pipelines);
  thread_ = std::thread([this] { let_go(); });
  while (!staying_.empty() && clock_.monotonic_ns() < until) clock_.wait_until(lock, ended_, until);
}

void Farewell::let_go() {
  std::unique_lock lock(mutex_);
  while (!staying_.empty()) {
    Pipeline* pipeline = staying_.back();
    lock.unlock();
    pipeline->let_go();
    lock.lock();
    staying_.pop_back();
  }
  ended_.notify_all();
}

Pipeline* Farewell::hanging() {
  const std::lock_guard lock(mutex_);
  return staying_.empty() ? nullptr : staying_.back();
}

}  // namespace host
