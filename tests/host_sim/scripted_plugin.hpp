// A plugin of the test's own process whose every step is a function of the test.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "host_sim/plugin.hpp"

namespace host::test {

using connector::Batch;
using connector::Request;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMinute = 60 * kSecond;

// What one pipeline's plugin does. Outlives every host that runs it.
class Script {
 public:
  virtual ~Script() = default;
  // `position` is read from the checkpoint: how many records were delivered before.
  virtual Result<void> configure(std::string_view /*settings*/, int64_t /*position*/) { return {}; }
  // Moves `position` on by what the batch delivers.
  virtual Result<Batch> next(const connector::Host& host, int64_t& position) = 0;
  virtual void cancel() {}
};

// The setting that leads an instance to its script.
nlohmann::json settings_for(Script& script);

std::shared_ptr<const Plugin> scripted_plugin();

// Records {"n":from}, {"n":from+1} ..., the checkpoint that follows them, and as many seconds as
// the watermark.
Batch counting_batch(int64_t from, int64_t count, connector::Wait wait = {});

// Delivers records 0 to `total` in batches of `batch_size`, and is idle for a minute then. Before
// that, each of `failures` once, at the step that it stands for.
class CountingScript : public Script {
 public:
  CountingScript(int64_t total, int64_t batch_size) : total_(total), batch_size_(batch_size) {}

  void fail_next(Error error) { failures_.push_back(std::move(error)); }
  void grow(int64_t by) { total_ += by; }
  int64_t configured() const { return configured_; }
  int64_t calls() const { return calls_; }

  Result<void> configure(std::string_view settings, int64_t position) override;
  Result<Batch> next(const connector::Host& host, int64_t& position) override;

 private:
  std::atomic<int64_t> total_;
  const int64_t batch_size_;
  std::deque<Error> failures_;
  std::atomic<int64_t> configured_ = 0;
  std::atomic<int64_t> calls_ = 0;
};

// Hangs in every step until it is cancelled.
class HangingScript : public Script {
 public:
  Result<Batch> next(const connector::Host& host, int64_t& position) override;
  void cancel() override;
  int hanging() const { return hanging_; }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool cancelled_ = false;
  std::atomic<int> hanging_ = 0;
};

}  // namespace host::test
