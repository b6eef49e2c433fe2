// What the host believes of a plugin, and what it does not.
#include "host_sim/plugin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host_sim/plugin_batch.hpp"
#include "tests/host_sim/plugin_doubles.hpp"

namespace host {
namespace {

using testing::HasSubstr;

class OfAPlugin : public testing::Test {
 protected:
  std::unique_ptr<PluginInstance> instance(bool with_check = true) {
    services_ = double_.services();
    auto made = PluginInstance::make(double_.plugin(with_check), services_);
    EXPECT_TRUE(made);
    return *std::move(made);
  }

  // The error of one step, of which the double fills status and error.
  Error failure(int32_t status, std::function<void(connector_error&)> fill) {
    double_ = {};
    const auto made = instance();
    double_.status = status;
    double_.fill_error = std::move(fill);
    auto result = made->next_batch({});
    EXPECT_FALSE(result);
    EXPECT_EQ(double_.released, 0);
    return result ? Error{} : result.error();
  }

  PluginDouble double_;
  connector_host services_{};
};

void write(connector_error& error, std::string_view text) {
  std::memcpy(error.text, text.data(), text.size());
  error.text_size = text.size();
}

TEST_F(OfAPlugin, TheInstanceIsConfiguredCancelledAndDestroyedOnce) {
  {
    const auto made = instance();
    ASSERT_TRUE(made->configure(R"({"a":1})", std::string_view("\0\xff", 2)));
    EXPECT_EQ(double_.settings, R"({"a":1})");
    EXPECT_EQ(double_.checkpoint, std::string("\0\xff", 2));
    made->cancel();
    EXPECT_EQ(double_.cancelled, 1);
    EXPECT_EQ(double_.destroyed, 0);
  }
  EXPECT_EQ(double_.destroyed, 1);
}

TEST_F(OfAPlugin, TheRequestCrossesAsItIs) {
  const auto made = instance();
  ASSERT_TRUE(made->next_batch({100, 200, 300}));
  EXPECT_EQ(double_.last_request.size, sizeof(connector_request));
  EXPECT_EQ(double_.last_request.max_records, 100u);
  EXPECT_EQ(double_.last_request.max_bytes, 200u);
  EXPECT_EQ(double_.last_request.deadline_ns, 300);
}

TEST_F(OfAPlugin, AnInitThatFailsLeavesNothingToDestroy) {
  double_.status = CONNECTOR_ERROR_CONFIG;
  double_.fill_error = [](connector_error& error) { write(error, "/a: bad\n/b: worse"); };
  services_ = double_.services();
  const auto made = PluginInstance::make(double_.plugin(true), services_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().status, Status::kConfig);
  EXPECT_EQ(made.error().text, "/a: bad\n/b: worse");
  EXPECT_EQ(double_.destroyed, 0);
}

TEST_F(OfAPlugin, AnInitThatGivesNothingIsAFault) {
  double_.gives_instance = false;
  services_ = double_.services();
  const auto made = PluginInstance::make(double_.plugin(true), services_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().status, Status::kInternal);
  EXPECT_EQ(made.error().text, "double: connector_init gave no instance");
}

TEST_F(OfAPlugin, ACheckThatItDoesNotHaveIsAnError) {
  const auto made = instance(/*with_check=*/false);
  EXPECT_THAT(made->check({}).error().text, HasSubstr("double has no live test"));
}

TEST_F(OfAPlugin, EveryKnownStatusIsKeptAndEveryOtherIsInternal) {
  for (int32_t status = CONNECTOR_ERROR_CONFIG; status >= CONNECTOR_ERROR_INTERNAL; --status)
    EXPECT_EQ(static_cast<int32_t>(failure(status, [](connector_error&) {}).status), status);
  for (const int32_t status : {-10, -100, INT32_MIN, 1, 7, INT32_MAX})
    EXPECT_EQ(failure(status, [](connector_error&) {}).status, Status::kInternal) << status;
}

TEST_F(OfAPlugin, AnErrorCarriesItsWaitAndHttpStatus) {
  const Error error = failure(CONNECTOR_ERROR_RATE_LIMITED, [](connector_error& to) {
    write(to, "slow down");
    to.wait_ns = 5'000'000'000;
    to.wait_reason = CONNECTOR_WAIT_RATE_LIMIT;
    to.http_status = 429;
  });
  EXPECT_EQ(error.text, "slow down");
  EXPECT_EQ(error.wait.ns, 5'000'000'000);
  EXPECT_EQ(error.wait.reason, CONNECTOR_WAIT_RATE_LIMIT);
  EXPECT_EQ(error.http_status, 429);
}

TEST_F(OfAPlugin, AnErrorWithNonsenseInItIsMadeSafe) {
  const Error error = failure(CONNECTOR_ERROR_TRANSIENT, [](connector_error& to) {
    write(to, "a\nb\x1b[2J\xff");
    to.wait_ns = -1;
    to.wait_reason = 99;
  });
  EXPECT_EQ(error.text, "a b [2J\xef\xbf\xbd");
  EXPECT_EQ(error.wait.ns, 0);
  EXPECT_EQ(error.wait.reason, CONNECTOR_WAIT_BACKOFF);
  const Error endless =
      failure(CONNECTOR_ERROR_TRANSIENT, [](connector_error& to) { to.wait_ns = INT64_MAX; });
  EXPECT_EQ(endless.wait.ns, kLongestWaitNs);
}

TEST_F(OfAPlugin, AnErrorsTextIsNeverReadBeyondTheBufferOrTheHostsMemory) {
  const Error error = failure(CONNECTOR_ERROR_TRANSIENT, [](connector_error& to) {
    write(to, "short");
    to.text_size = SIZE_MAX;
  });
  EXPECT_TRUE(error.text.starts_with("short"));
  EXPECT_EQ(error.text.size(), 8u * 1024);
  EXPECT_EQ(error.text.find_first_not_of(' ', 5), std::string::npos);
}

TEST_F(OfAPlugin, AFailureWithoutATextSaysWhichCallFailed) {
  EXPECT_EQ(failure(CONNECTOR_ERROR_TRANSIENT, [](connector_error&) {}).text,
            "double: connector_next_batch failed with status -4 and gave no reason");
}

TEST_F(OfAPlugin, AGoodBatchIsSeenAsItIsAndReleasedOnce) {
  // A later version's record is wider; the stride says so.
  struct WideRecord {
    connector_record record;
    int64_t added;
  };
  const WideRecord records[] = {{{connector::text("{\"a\":1}"), connector::text("1"), 5}, 7},
                                {{connector::text("{}"), connector::text("\"x\""), 6}, 7}};
  const auto made = instance();
  double_.fill_batch = [&records](connector_batch& batch) {
    batch.records = &records[0].record;
    batch.record_count = 2;
    batch.record_stride = sizeof(WideRecord);
    batch.checkpoint = connector::text("c");
    batch.wait_ns = 3;
    batch.wait_reason = CONNECTOR_WAIT_IDLE;
    batch.progress = 10'000;
    batch.watermark_ns = 4;
    batch.notice = connector::text("n");
  };
  {
    Result<PluginBatch> batch = made->next_batch({});
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->size(), 2u);
    EXPECT_EQ(connector::view(batch->record(1).data), "{}");
    EXPECT_EQ(connector::view(batch->record(1).id), "\"x\"");
    EXPECT_EQ(batch->record(1).event_time_ns, 6);
    EXPECT_EQ(batch->checkpoint(), "c");
    EXPECT_EQ(batch->notice(), "n");
    EXPECT_EQ(batch->wait().ns, 3);
    EXPECT_EQ(batch->progress(), 10'000);
    EXPECT_EQ(batch->watermark_ns(), 4);
    PluginBatch moved = *std::move(batch);
    PluginBatch assigned = std::move(moved);
    EXPECT_EQ(assigned.size(), 2u);
    EXPECT_EQ(double_.released, 0);
  }
  EXPECT_EQ(double_.released, 1);
}

TEST_F(OfAPlugin, ABatchMayHaveNothingToRelease) {
  const auto made = instance();
  double_.fill_batch = [](connector_batch& batch) { batch.release = nullptr; };
  EXPECT_TRUE(made->next_batch({}));
}

struct BadBatch {
  std::string what;
  std::function<void(connector_batch&, connector_record&)> spoil;
};

// Each lays one thing wrong into a batch of one good record.
std::vector<BadBatch> bad_batches() {
  static const std::string long_notice(kMostNoticeBytes + 1, 'n');
  using B = connector_batch;
  using R = connector_record;
  return {
      {"records at no address", [](B& b, R&) { b.records = nullptr; }},
      {"records, 1000000", [](B& b, R&) { b.record_count = kMostRecords + 1; }},
      {"records, 1000000", [](B& b, R&) { b.record_count = SIZE_MAX; }},
      {"record_stride is 0", [](B& b, R&) { b.record_stride = 0; }},
      {"record_stride", [](B& b, R&) { b.record_stride = sizeof(R) - 8; }},
      {"record_stride", [](B& b, R&) { b.record_stride = sizeof(R) + 1; }},
      {"record_stride", [](B& b, R&) { b.record_stride = size_t{1} << 60; }},
      {"record_stride",
       [](B& b, R&) {
         b.records = reinterpret_cast<const R*>(reinterpret_cast<uintptr_t>(b.records) + 1);
       }},
      {"its data has a size and no data", [](B&, R& r) { r.data.data = nullptr; }},
      {"record 0: its data has", [](B&, R& r) { r.data.size = kMostRecordBytes + 1; }},
      {"no JSON object", [](B&, R& r) { r.data = {}; }},
      {"no JSON object", [](B&, R& r) { r.data = connector::text("[1]"); }},
      {"no JSON object", [](B&, R& r) { r.data = connector::text("{} "); }},
      {"no JSON object", [](B&, R& r) { r.data = connector::text("{"); }},
      {"not one line", [](B&, R& r) { r.data = connector::text("{\n}"); }},
      {"not one line", [](B&, R& r) { r.data = connector::text("{\r}"); }},
      {"not one line", [](B&, R& r) { r.data = connector::text(std::string_view("{\0}", 3)); }},
      {"its data is not UTF-8", [](B&, R& r) { r.data = connector::text("{\"\xff\":1}"); }},
      {"its data is not UTF-8", [](B&, R& r) { r.data = connector::text("{\"\xed\xa0\x80\":1}"); }},
      {"its id is empty", [](B&, R& r) { r.id = {}; }},
      {"its id is not UTF-8", [](B&, R& r) { r.id = connector::text("\"\xc3\""); }},
      {"its id is not one line", [](B&, R& r) { r.id = connector::text("a\nb"); }},
      {"its id has a size",
       [](B&, R& r) {
         r.id = {nullptr, 3};
       }},
      {"its checkpoint has a size",
       [](B& b, R&) {
         b.checkpoint = {nullptr, 1};
       }},
      {"its checkpoint has", [](B& b, R&) { b.checkpoint.size = kMostCheckpointBytes + 1; }},
      {"wait_ns is -1", [](B& b, R&) { b.wait_ns = -1; }},
      {"wait_ns is", [](B& b, R&) { b.wait_ns = INT64_MAX; }},
      {"wait_reason is 5", [](B& b, R&) { b.wait_reason = CONNECTOR_WAIT_END + 1; }},
      {"wait_reason is -1", [](B& b, R&) { b.wait_reason = -1; }},
      {"names no wait", [](B& b, R&) { b.wait_reason = CONNECTOR_WAIT_NONE, b.wait_ns = 1; }},
      {"names no wait", [](B& b, R&) { b.wait_reason = CONNECTOR_WAIT_END, b.wait_ns = 1; }},
      {"progress is -2", [](B& b, R&) { b.progress = -2; }},
      {"progress is 10001", [](B& b, R&) { b.progress = 10'001; }},
      {"watermark_ns is -9223372036854775807", [](B& b, R&) { b.watermark_ns = INT64_MIN + 1; }},
      {"before 1900", [](B& b, R&) { b.watermark_ns = kEarliestWatermarkNs - 1; }},
      {"its notice is not one line", [](B& b, R&) { b.notice = connector::text("a\nb"); }},
      {"its notice is not UTF-8", [](B& b, R&) { b.notice = connector::text("\x80"); }},
      {"its notice has", [](B& b, R&) { b.notice = connector::text(long_notice); }},
  };
}

TEST_F(OfAPlugin, ABatchThatBreaksARuleIsRefusedByNameAndReleasedOnce) {
  for (const BadBatch& bad : bad_batches()) {
    SCOPED_TRACE(bad.what);
    connector_record record{connector::text("{\"a\":1}"), connector::text("1"), 0};
    double_.released = 0;
    const auto made = instance();
    double_.fill_batch = [&](connector_batch& batch) {
      batch.records = &record;
      batch.record_count = 1;
      batch.record_stride = sizeof record;
      batch.checkpoint = connector::text("c");
      batch.wait_reason = CONNECTOR_WAIT_IDLE;
      bad.spoil(batch, record);
    };
    const auto result = made->next_batch({});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().status, Status::kInternal);
    EXPECT_THAT(result.error().text,
                HasSubstr("double: connector_next_batch gave a batch that breaks the rules: "));
    EXPECT_THAT(result.error().text, HasSubstr(bad.what));
    EXPECT_EQ(double_.released, 1);
  }
}

TEST_F(OfAPlugin, RecordsOfTheLargestSizeAreTakenUntilABatchIsFull) {
  std::string data(kMostRecordBytes, 'x');
  data.front() = '{';
  data.back() = '}';
  constexpr size_t kFull = kMostBatchBytes / kMostRecordBytes;
  const std::vector<connector_record> records(
      kFull + 1, {connector::text(data), connector::text("1"), CONNECTOR_TIME_UNKNOWN});
  const auto made = instance();
  size_t count = kFull;
  double_.fill_batch = [&](connector_batch& batch) {
    batch.records = records.data();
    batch.record_count = count;
    batch.record_stride = sizeof(connector_record);
  };
  EXPECT_TRUE(made->next_batch({}));
  count = kFull + 1;
  const auto over = made->next_batch({});
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().text, HasSubstr("its records have over 268435456 bytes"));
}

TEST_F(OfAPlugin, ATabAndADelAreNoControlCharactersOfAJsonLine) {
  const connector_record record{connector::text("{\t\"\x7f\":1}"), connector::text("1"), 0};
  const auto made = instance();
  double_.fill_batch = [&record](connector_batch& batch) {
    batch.records = &record;
    batch.record_count = 1;
    batch.record_stride = sizeof record;
  };
  EXPECT_TRUE(made->next_batch({}));
}

}  // namespace
}  // namespace host
