// A batch lives until its release: from any thread, in any order, several in flight.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "tests/plugin_api/border_double.hpp"

namespace connector {
namespace {

constexpr int kBatches = 16;

class BatchLife : public testing::Test {
 protected:
  // Each batch has one record, "record N", kept alive by its memory alone.
  BatchLife() {
    script.next_batch = [this](Host) {
      auto memory = std::shared_ptr<std::string>(new std::string("record " + number()),
                                                 [this](std::string* text) {
                                                   delete text;
                                                   ++freed_;
                                                 });
      Batch batch{.checkpoint = "checkpoint " + number(), .notice = "notice " + number()};
      batch.records.push_back({text(*memory), text(*memory), made_});
      batch.memory = memory;
      batch.wait = {made_, CONNECTOR_WAIT_IDLE};
      batch.progress = 5000;
      batch.watermark_ns = 12;
      ++made_;
      return batch;
    };
    border_.ready();
  }

  connector_batch next() {
    EXPECT_EQ(border_.next_batch(), CONNECTOR_OK);
    return std::exchange(border_.batch, border_.empty_batch());
  }
  std::string number() const { return std::to_string(made_); }

  ScriptReset reset_;
  Border border_;
  int made_ = 0;
  std::atomic<int> freed_ = 0;
};

TEST_F(BatchLife, CarriesAllThatThePluginSaid) {
  const connector_batch batch = next();
  EXPECT_EQ(batch.size, sizeof(connector_batch));
  ASSERT_EQ(batch.record_count, 1u);
  EXPECT_EQ(batch.record_stride, sizeof(connector_record));
  EXPECT_EQ(view(batch.records->data), "record 0");
  EXPECT_EQ(view(batch.checkpoint), "checkpoint 0");
  EXPECT_EQ(view(batch.notice), "notice 0");
  EXPECT_EQ(batch.wait_reason, CONNECTOR_WAIT_IDLE);
  EXPECT_EQ(batch.progress, 5000);
  EXPECT_EQ(batch.watermark_ns, 12);
  EXPECT_EQ(freed_, 0);
  batch.release(batch.owner);
  EXPECT_EQ(freed_, 1);
}

TEST_F(BatchLife, EndsInAnyOrderFromAnotherThread) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::vector<connector_batch> batches;
    const int first = made_;
    for (int i = 0; i < kBatches; ++i) batches.push_back(next());
    std::vector<int> order(kBatches);
    for (int i = 0; i < kBatches; ++i) order[static_cast<size_t>(i)] = i;
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    std::thread([&] {
      for (const int i : order) {
        const connector_batch& batch = batches[static_cast<size_t>(i)];
        EXPECT_EQ(view(batch.records->data), "record " + std::to_string(first + i));
        EXPECT_EQ(view(batch.checkpoint), "checkpoint " + std::to_string(first + i));
        batch.release(batch.owner);
      }
    }).join();
    EXPECT_EQ(freed_, made_);
  }
}

TEST_F(BatchLife, MayEndWhileTheNextIsRead) {
  connector_batch held = next();
  for (int i = 0; i < 50; ++i) {
    std::thread releaser([held] { held.release(held.owner); });
    const connector_batch fresh = next();
    releaser.join();
    held = fresh;
  }
  held.release(held.owner);
  EXPECT_EQ(freed_, made_);
}

}  // namespace
}  // namespace connector
