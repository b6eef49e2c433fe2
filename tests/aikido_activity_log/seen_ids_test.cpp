// Seen ids: remembered exactly, forgotten by time alone, and the same after a round trip.
#include "plugins/aikido_activity_log/seen_ids.hpp"

#include <gtest/gtest.h>

#include <random>

namespace aikido {
namespace {

SeenEntry at(std::string_view id, int64_t time_s) { return {id, false, false, false, time_s}; }
SeenEntry untimed(std::string_view id, int64_t end_s, bool pinned = false) {
  return {id, false, true, pinned, end_s};
}

SeenIds reread(const SeenIds& seen) {
  std::optional<SeenIds> read = SeenIds::decode(seen.encoded());
  EXPECT_TRUE(read.has_value());
  return read ? *read : SeenIds();
}

TEST(SeenIds, TellsTokensApartThatDifferInOneSign) {
  SeenIds seen;
  const std::vector<std::string> tokens = {"77",
                                           "\"77\"",
                                           "-77",
                                           "077",
                                           "-0",
                                           "0",
                                           "7",
                                           "7.0",
                                           "77e0",
                                           "+77",
                                           "",
                                           "\"\"",
                                           " 77",
                                           "9223372036854775807",
                                           "-9223372036854775808",
                                           "9223372036854775808",
                                           "null",
                                           "00"};
  for (const std::string& token : tokens) {
    ASSERT_FALSE(seen.find(token, false)) << token;
    seen.add(at(token, 5));
  }
  const SeenIds again = reread(seen);
  for (const std::string& token : tokens) {
    EXPECT_TRUE(again.find(token, false)) << token;
    EXPECT_FALSE(again.find(token, true)) << "a hash is never the vendor's id: " << token;
  }
  EXPECT_EQ(again.size(), tokens.size());
}

TEST(SeenIds, ForgetsWhatLiesBeforeTheFloorAndNothingElse) {
  SeenIds seen;
  for (int64_t time = 0; time < 100; ++time) seen.add(at(std::to_string(time), time));
  seen.prune(40, false);
  EXPECT_EQ(seen.size(), 60U);
  EXPECT_FALSE(seen.find("39", false));
  EXPECT_TRUE(seen.find("40", false));
  EXPECT_EQ(reread(seen).size(), 60U);
}

TEST(SeenIds, ARecordWithoutTimeLivesUntilTheEndOfTheSweepThatLastShowedIt) {
  SeenIds seen;
  seen.add(untimed("a", 10));
  seen.add(at("b", 10));
  seen.shown_again(*seen.find("a", false), 50, false);
  seen.shown_again(*seen.find("b", false), 50, false);
  for (SeenIds* each : {&seen}) {
    SeenIds copy = reread(*each);
    copy.prune(50, false);
    EXPECT_TRUE(copy.find("a", false));
    EXPECT_FALSE(copy.find("b", false));
    copy.prune(51, false);
    EXPECT_FALSE(copy.find("a", false));
  }
}

TEST(SeenIds, APinnedRecordStaysWhileTheBackfillIsOpen) {
  SeenIds seen;
  seen.add(untimed("a", 10, true));
  seen.add(untimed("b", 10));
  seen.prune(1'000, true);
  EXPECT_TRUE(reread(seen).find("a", false));
  EXPECT_EQ(seen.size(), 1U);
  seen.prune(1'000, false);
  EXPECT_EQ(seen.size(), 0U);
}

TEST(SeenIds, APinIsLiftedWithTheBackfill) {
  SeenIds seen;
  seen.add(untimed("a", 2'000, true));
  seen.prune(1'000, false);
  ASSERT_TRUE(seen.find("a", false));
  seen.prune(3'000, true);
  EXPECT_FALSE(seen.find("a", false));
}

TEST(SeenIds, TakesOverAnotherSetWithoutRepeats) {
  SeenIds live;
  live.add(at("1", 1));
  SeenIds past;
  past.add(at("1", 1));
  past.add(untimed("2", 2));
  live.absorb(past, 50);
  EXPECT_EQ(reread(live).size(), 2U);
  live.prune(50, false);
  EXPECT_TRUE(live.find("2", false)) << "it may show until then";
  EXPECT_FALSE(live.find("1", false));
}

TEST(SeenIds, TheOrderOfDeliveryIsThePlace) {
  SeenIds seen;
  for (const char* id : {"z", "a", "m"}) seen.add(at(id, 0));
  EXPECT_EQ(*seen.find("z", false), 0U);
  EXPECT_EQ(*seen.find("m", false), 2U);
  seen.shown_again(0, 9, false);
  EXPECT_EQ(*seen.find("a", false), 1U);
}

TEST(SeenIds, SequentialIdsTakeTwoBytesAndMixedOnesFew) {
  SeenIds numbers;
  SeenIds texts;
  for (int64_t i = 0; i < 10'000; ++i) {
    numbers.add(at(std::to_string(1'234'567'890 + i), 1'700'000'000 + i));
    texts.add(at("\"activity_" + std::to_string(1'234'567'890 + i) + "\"", 1'700'000'000 + i));
  }
  EXPECT_LT(numbers.encoded().size(), 21'000U);
  EXPECT_LT(texts.encoded().size(), 80'000U);
}

TEST(SeenIds, APageCostsWhatItBringsToTheEncodedForm) {
  SeenIds seen;
  for (int64_t i = 0; i < 1'000; ++i) seen.add(at(std::to_string(i), i));
  const std::string before = seen.encoded();
  seen.add(at("1000", 1'000));
  EXPECT_EQ(seen.encoded().compare(0, before.size(), before), 0);
  EXPECT_EQ(seen.encoded().size(), before.size() + 2);
}

TEST(SeenIds, ThatWereReadAreWrittenOnAsIfTheyHadNeverBeen) {
  SeenIds seen;
  for (int64_t i = 0; i < 200; ++i) {
    seen.add(at(std::to_string(1'000 + i), i));
    seen.add(untimed("\"activity_" + std::to_string(i) + '"', i));
  }
  seen.shown_again(7, 900, false);
  SeenIds again = reread(seen);
  EXPECT_EQ(again.encoded(), seen.encoded());
  EXPECT_EQ(again.size(), 400U);
  for (SeenIds* each : {&seen, &again}) {
    each->add(at("1200", 300));
    each->add(at("\"activity_201\"", 301));
    each->prune(150, false);
  }
  EXPECT_EQ(again.encoded(), seen.encoded());
  EXPECT_EQ(*again.find("1200", false), *seen.find("1200", false));
}

TEST(SeenIds, OfACheckpointAreHalfAMillionAndNoMore) {
  SeenIds seen;
  for (size_t i = 0; i < kMostSeen.entries; ++i) seen.add(at(std::to_string(i), 0));
  const std::optional<SeenIds> read = SeenIds::decode(seen.encoded());
  ASSERT_TRUE(read);
  for (size_t i = 0; i < kMostSeen.entries; ++i) ASSERT_EQ(read->find(std::to_string(i), false), i);
  EXPECT_FALSE(read->find("500000", false));
  seen.add(untimed("\"a\"", 0));
  EXPECT_FALSE(SeenIds::decode(seen.encoded()));
}

TEST(SeenIds, OfACheckpointHave8MiBOfTextAndNoMoreHoweverMuchTheyShare) {
  SeenIds seen;
  const std::string shared(size_t{1} << 10, 'x');
  for (int i = 1'000'000; seen.amount().text + 1'031 < kMostSeen.text; ++i)
    seen.add(at(shared + std::to_string(i), 0));
  ASSERT_LT(seen.encoded().size(), size_t{200} << 10);
  EXPECT_TRUE(SeenIds::decode(seen.encoded()));
  seen.add(at(shared + "1", 0));
  seen.add(at(shared + "2", 0));
  EXPECT_FALSE(SeenIds::decode(seen.encoded()));
}

TEST(SeenIds, WhatComesAgainInTheLogCountsAsWell) {
  SeenIds seen;
  seen.add(untimed("\"a\"", 0));
  for (int64_t end_s = 1; end_s < 500'000; ++end_s) seen.shown_again(0, end_s, false);
  EXPECT_EQ(seen.amount().entries, kMostSeen.entries);
  EXPECT_EQ(seen.amount().text, 3 * kMostSeen.entries);
  ASSERT_TRUE(SeenIds::decode(seen.encoded()));
  EXPECT_EQ(reread(seen).size(), 1U);
  seen.shown_again(0, 500'000, false);
  EXPECT_FALSE(SeenIds::decode(seen.encoded()));
  seen.prune(0, false);
  EXPECT_EQ(seen.amount().entries, 1U);
}

TEST(SeenIds, AnIntegerThatWasWrittenAsATextIsTheInteger) {
  const std::string bytes(
      "\x00\x00\x02"
      "77\x05\x9A\x01",
      8);  // the text, then without a time
  const std::optional<SeenIds> read = SeenIds::decode(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 1U);
  EXPECT_TRUE(read->find("77", false));
}

// Each time it would be looked up, and be no new one: minutes, out of a few megabytes.
TEST(SeenIds, RefusesALongIdThatComesAgainWithoutEnd) {
  const std::string id = '"' + std::string(size_t{1} << 20, 'x') + '"';
  std::string bytes;
  ByteWriter writer(bytes);
  for (int i = 0; i < 300; ++i) {
    writer.number(0);
    writer.number(i == 0 ? 0 : id.size());  // shared with the one before
    writer.text(i == 0 ? id : "");
  }
  EXPECT_FALSE(SeenIds::decode(bytes));
}

TEST(SeenIds, RefusesBytesThatItNeverWrote) {
  for (const char* bytes : {"\xFF", "\x01", "\x10\x05", "\x10\x00\x05"})
    EXPECT_FALSE(SeenIds::decode(bytes)) << bytes;
  std::string bomb("\x00\x00\x80\x80\x04", 5);  // one long text ..
  bomb.append(65'536, 'x');
  for (int i = 0; i < 5'000; ++i)  // .. and five thousand that share it
    bomb.append(std::string("\x00\x80\x80\x04\x02", 5) + static_cast<char>(i % 256) +
                static_cast<char>(i / 256));
  EXPECT_FALSE(SeenIds::decode(bomb));
}

TEST(SeenIds, SurvivesRandomBytes) {
  std::mt19937_64 random(1);
  SeenIds seen;
  for (int64_t i = 0; i < 50; ++i) seen.add(at(std::to_string(i * i), i));
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = seen.encoded().substr(0, random() % seen.encoded().size());
    for (int change = 0; change < 3 && !bytes.empty(); ++change)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    const std::optional<SeenIds> read = SeenIds::decode(bytes);
    refused += read ? 0 : 1;
    if (!read) continue;
    EXPECT_EQ(reread(*read).encoded(), read->encoded());
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace aikido
