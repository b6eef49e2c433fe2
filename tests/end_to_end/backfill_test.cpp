// A backfill brings every record of its span, byte for byte and once, with hardly more requests
// than there are pages, whichever way the questions about the vendor's API are answered.
#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

constexpr size_t kRecords = 12'345;

struct Vendor {
  fake_aikido::Shape shape;
  fake_aikido::Order order;
  bool inclusive;
  bool header;
};

std::string name_of(const testing::TestParamInfo<Vendor>& info) {
  const Vendor& vendor = info.param;
  return std::string(vendor.shape == fake_aikido::Shape::kMonad ? "Monad" : "Documented") +
         (vendor.order == fake_aikido::Order::kAscending ? "Ascending" : "Descending") +
         (vendor.inclusive ? "Inclusive" : "Exclusive") + (vendor.header ? "Header" : "NoHeader");
}

std::vector<Vendor> vendors() {
  std::vector<Vendor> all;
  for (const auto shape : {fake_aikido::Shape::kDocumented, fake_aikido::Shape::kMonad})
    for (const auto order : {fake_aikido::Order::kAscending, fake_aikido::Order::kDescending})
      for (const bool inclusive : {false, true})
        for (const bool header : {false, true}) all.push_back({shape, order, inclusive, header});
  return all;
}

class Backfill : public testing::TestWithParam<Vendor> {};

TEST_P(Backfill, BringsEveryRecordOnceWithHardlyMoreRequestsThanPages) {
  fake_aikido::Switches switches;
  switches.order = GetParam().order;
  switches.start_inclusive = switches.end_inclusive = GetParam().inclusive;
  switches.next_page_header = GetParam().header;
  World world(switches);
  world.settings["backfill_start_time"] = "-90d";
  world.add_history(kRecords, 90 * kDay - 5 * kMinute, {.shape = GetParam().shape});

  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_EQ(world.visible().size(), kRecords);
  EXPECT_TRUE(is_complete(world));
  EXPECT_EQ(world.metric("records_total"), static_cast<int64_t>(kRecords));
  const int64_t requests = world.metric("requests_total", "kind=backfill");
  EXPECT_GE(requests, static_cast<int64_t>(kRecords / 50));
  EXPECT_LE(requests, static_cast<int64_t>(1.02 * kRecords / 50 + 10));

  world.server().log().clear();
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  EXPECT_EQ(world.metric("records_total"), 0);
  // The last ninety minutes hold some ten records: a page, and the empty one that ends the list.
  EXPECT_EQ(world.server().log().count(Kind::kPage), GetParam().header ? 1U : 2U);
}

INSTANTIATE_TEST_SUITE_P(Vendors, Backfill, testing::ValuesIn(vendors()), name_of);

}  // namespace
}  // namespace end_to_end
