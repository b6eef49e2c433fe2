// The checkpoint's persisted form: the same after a round trip and after an upgrade, refused when
// it is damaged or of a later version, and safe to read whatever the bytes are.
#include "plugins/aikido_activity_log/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <random>
#include <sstream>

#include "plugins/aikido_activity_log/sweep_end.hpp"

namespace aikido {
namespace {

constexpr int64_t kSavedS = 1'700'000'000;

CheckpointData sample() {
  CheckpointData data;
  data.identity = "https://app.aikido.dev repository_id=17";
  data.client_id = "AIK_CLIENT_golden";
  data.backfill_start_text = "2023-01-01";
  data.origin_ns = (kSavedS - 90'000'000) * kNsPerSecond + 123'456'789;
  data.split_s = kSavedS - 5'400;
  data.frontier_ns = kSavedS * kNsPerSecond + 5;
  data.late_opened_ns = (kSavedS - 300) * kNsPerSecond;
  data.whole_ns = (kSavedS - 400) * kNsPerSecond;
  data.settled_s = kSavedS - 5'700;
  data.passed_from_s = kSavedS - 4'000;
  data.passed_to_s = kSavedS;
  data.fresh_started_ns = kSavedS * kNsPerSecond;
  data.late_requests = 3;
  data.late_took_ns = 10 * kNsPerSecond;
  data.since_backfill = 5;
  data.backfill_s = kSavedS - 80'000'000;
  data.backfill_narrowed = 180;
  data.remembered_from_s = kSavedS - 5'403;
  Sweep& late = data.sweep(SweepKind::kLate).emplace();
  late.from_s = kSavedS - 5'700;
  late.end_s = kSavedS + 1;
  late.opened_ns = kSavedS * kNsPerSecond;
  late.page = 7;
  late.requests = 8;
  late.asked_again = true;
  late.fingerprint = 0xFEDC'BA98'7654'3210;
  Sweep& past = data.sweep(SweepKind::kBackfill).emplace();
  past.from_s = data.backfill_s;
  past.to_s = past.end_s = data.backfill_s + 86'400;
  past.pass = 2;
  past.moved = true;
  past.seen_before = 2;
  data.live.add({"77", false, false, false, kSavedS - 100});
  data.live.add({"\"activity_1234567890\"", false, false, false, kSavedS - 90});
  data.live.add({"00c0ffee", true, true, true, kSavedS + 1});
  data.past.add({"-5", false, false, false, data.backfill_s});
  data.past.add({"\"activity_1234567891\"", false, true, false, data.backfill_s + 9});
  return data;
}

std::string golden() {
  std::ifstream file(std::string(GOLDEN_FOLDER) + "/checkpoint_v1.hex");
  std::string bytes;
  for (std::string pair; file >> pair;)
    bytes.push_back(static_cast<char>(std::stoi(pair, nullptr, 16)));
  return bytes;
}

std::string hex(const std::string& bytes) {
  std::ostringstream out;
  out << std::hex;
  for (size_t i = 0; i < bytes.size(); ++i)
    out << (i % 32 ? " "
            : i    ? "\n"
                   : "")
        << (static_cast<unsigned char>(bytes[i]) < 16 ? "0" : "")
        << static_cast<int>(static_cast<unsigned char>(bytes[i]));
  return out.str();
}

std::string checksum(const std::string& bytes) {
  const uLong crc =
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  std::string out;
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(crc >> (8 * i)));
  return out;
}

TEST(Checkpoint, IsTheSameAfterARoundTrip) {
  const std::string bytes = encode(sample());
  const Result<CheckpointData> read = decode(bytes);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(encode(*read), bytes);
  EXPECT_EQ(read->client_id, "AIK_CLIENT_golden");
  EXPECT_FALSE(read->sweep(SweepKind::kFresh));
  ASSERT_TRUE(read->sweep(SweepKind::kLate));
  EXPECT_EQ(read->sweep(SweepKind::kLate)->page, 7);
  EXPECT_EQ(read->sweep(SweepKind::kLate)->fingerprint, 0xFEDC'BA98'7654'3210);
  EXPECT_TRUE(read->sweep(SweepKind::kLate)->reads_to_now());
  ASSERT_TRUE(read->sweep(SweepKind::kBackfill));
  EXPECT_EQ(read->sweep(SweepKind::kBackfill)->pass, 2);
  EXPECT_TRUE(read->live.find("00c0ffee", true));
  EXPECT_TRUE(read->past.find("-5", false));
}

TEST(Checkpoint, PagesWithoutEndAreBoundedAndTheMostOfThemOverflowNothing) {
  CheckpointData data = sample();
  Sweep& past = *data.sweep(SweepKind::kBackfill);
  past.moved = false;
  data.backfill_width_s = kMostWidth;
  past.page = kMostPages + 1;
  const Result<CheckpointData> read = decode(encode(data));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sweep(SweepKind::kBackfill)->page, kMostPages);
  past.page = kMostPages;
  end_backfill_window(data, past, kSavedS * kNsPerSecond);
  EXPECT_GE(data.backfill_width_s, 1);
  EXPECT_TRUE(decode(encode(data)));
}

TEST(Checkpoint, OfVersionOneIsReadForEver) {
  const std::string bytes = golden();
  EXPECT_EQ(hex(encode(sample())), hex(bytes)) << "the format changed: give it a new version";
  const Result<CheckpointData> read = decode(bytes);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(encode(*read), bytes);
}

TEST(Checkpoint, ThatIsDamagedAnywhereIsRefused) {
  const std::string bytes = encode(sample());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    const Result<CheckpointData> read = decode(damaged);
    ASSERT_FALSE(read) << "byte " << i;
    EXPECT_EQ(read.error().status, Status::kCheckpoint);
    const bool version = i == 4;
    EXPECT_NE(read.error().text.find(version ? "later version" : "damaged"), std::string::npos);
    EXPECT_NE(read.error().text.find("state reset"), std::string::npos);
    EXPECT_FALSE(decode(bytes.substr(0, i))) << "cut at " << i;
  }
  EXPECT_FALSE(decode(bytes + "x"));
}

TEST(Checkpoint, OfALaterVersionSaysSo) {
  std::string bytes = encode(sample());
  bytes[4] = 9;
  const Result<CheckpointData> read = decode(bytes);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text.find("later version"), std::string::npos) << read.error().text;
}

// With a right checksum, so that the fields behind it are reached.
TEST(Checkpoint, OfAnyBytesIsReadOrRefusedAndNeverHarmful) {
  std::mt19937_64 random(7);
  int readable = 0;
  int refused = 0;
  for (int i = 0; i < 30'000; ++i) {
    std::string bytes = encode(sample());
    bytes.resize(bytes.size() - 4);
    for (uint64_t change = random() % 4 + 1; change > 0; --change)
      bytes[5 + random() % (bytes.size() - 5)] = static_cast<char>(random());
    const Result<CheckpointData> read = decode(bytes + checksum(bytes));
    if (!read) {
      ++refused;
      continue;
    }
    ++readable;
    EXPECT_TRUE(decode(encode(*read)));
  }
  EXPECT_GT(readable, 1'000);
  EXPECT_GT(refused, 1'000);
}

TEST(Checkpoint, MayHave4MiBAndNoMore) {
  CheckpointData data = sample();
  const size_t room = kMostCheckpoint - encode(data).size();
  const std::string id(room - 20, 'x');
  data.live.add({id, false, false, false, kSavedS});
  while (encode(data).size() < kMostCheckpoint) {
    EXPECT_TRUE(decode(encode(data))) << encode(data).size();
    data.live.add({std::to_string(data.live.size()), false, false, false, kSavedS});
  }
  data.live.add({"one too many", false, false, false, kSavedS});
  ASSERT_GT(encode(data).size(), kMostCheckpoint);
  const Result<CheckpointData> read = decode(encode(data));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().status, Status::kCheckpoint);
}

// By a version that remembered more.
TEST(Checkpoint, HoldsSoManyIdsOnBothSidesTogether) {
  CheckpointData data = sample();
  const auto add = [](SeenIds& to, size_t most, int64_t first) {
    for (int64_t id = first; to.size() < most; ++id)
      to.add({std::to_string(id), false, false, false, kSavedS});
  };
  add(data.live, kMostSeen.entries - 10 - data.past.amount().entries, 1'000'000);
  add(data.past, data.past.size() + 10, 9'000'000);
  ASSERT_LE(data.seen_amount().entries, kMostSeen.entries);
  EXPECT_TRUE(decode(encode(data)));
  add(data.past, data.past.size() + 11, 9'100'000);
  const Result<CheckpointData> read = decode(encode(data));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().status, Status::kCheckpoint);
  EXPECT_THAT(read.error().text, testing::HasSubstr("the checkpoint holds more ids than this "
                                                    "version of the plugin remembers"));
}

TEST(Checkpoint, OfAHundredThousandIdsIsSmall) {
  CheckpointData data = sample();
  for (int64_t i = 0; i < 100'000; ++i)
    data.live.add({std::to_string(1'000'000 + i), false, false, false, kSavedS + i});
  EXPECT_LT(encode(data).size(), 210'000U);
}

}  // namespace
}  // namespace aikido
