// What a plugin may ask of the host, and what no line of its may hold.
#include "host_sim/host_services.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host_sim/base64.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kSecretText = "s3cr\"et/+ pass\\word";

class HostServicesTest : public testing::Test {
 protected:
  HostServicesTest() {
    const auto file = rig_.folder / "secret";
    test_support::write_file(file, kSecretText);
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    secrets_.emplace(std::map<std::string, SecretReference>{{"key",
                                                             {.kind = SecretReference::Kind::kFile,
                                                              .location = file,
                                                              .place = {},
                                                              .key_path = ""}}},
                     rig_.environment);
    services_.emplace(
        "a", SharedServices{rig_.clock, rig_.log, pace_, metrics_, scrubber_, properties_, 1},
        *secrets_);
    host_.emplace(&services_->table());
  }

  HostRig rig_;
  Pace pace_{rig_.clock, false, {}};
  Metrics metrics_;
  Scrubber scrubber_;
  const std::map<std::string, std::string> properties_{{"user_agent", "test"}};
  std::optional<Secrets> secrets_;
  std::optional<HostServices> services_;
  std::optional<connector::Host> host_;
};

TEST_F(HostServicesTest, ASecretThatWasLentIsInNoLineInNoForm) {
  EXPECT_EQ(host_->secret("key")->value(), kSecretText);
  for (const std::string& form :
       {kSecretText, std::string("s3cr%22et%2F%2B%20pass%5Cword"),
        std::string("s3cr%22et%2f%2b%20pass%5cword"), std::string("s3cr\\\"et/+ pass\\\\word"),
        std::string("s3cr\\\"et\\/+ pass\\\\word")}) {
    host_->log(CONNECTOR_LOG_INFO, "sent <" + form + ">");
    EXPECT_THAT(rig_.log.text(), Not(HasSubstr(form)));
  }
  EXPECT_EQ(rig_.log.count("info a: sent <[secret]>"), 5) << rig_.log.text();
}

TEST_F(HostServicesTest, NorInAnyBase64) {
  EXPECT_TRUE(host_->secret("key"));
  for (size_t before = 0; before < 7; ++before)
    for (size_t after = 0; after < 4; ++after) {
      const std::string header =
          to_base64(std::string(before, 'u') + kSecretText + std::string(after, 'v'));
      const std::string clean = scrubber_.scrub("Basic " + header);
      // At most a character on each side is shared with the neighbours.
      EXPECT_LE(clean.size(), header.size() - kSecretText.size() * 4 / 3 + 6 + 8 + 2) << clean;
      EXPECT_THAT(clean, HasSubstr("[secret]"));
    }
}

TEST_F(HostServicesTest, ARotatedSecretStaysUnsayableAndIsNoticed) {
  const uint64_t generation = host_->secret("key")->generation();
  EXPECT_FALSE(services_->secrets_rotated());
  const auto file = rig_.folder / "secret";
  std::filesystem::remove(file);
  test_support::write_file(file, "another one");
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  EXPECT_TRUE(services_->secrets_rotated());
  EXPECT_NE(host_->secret("key")->generation(), generation);
  EXPECT_FALSE(services_->secrets_rotated());
  EXPECT_EQ(scrubber_.scrub(kSecretText + " another one"), "[secret] [secret]");
}

// An operator who waits for it to be taken has to hear why it is not.
TEST_F(HostServicesTest, ARotatedSecretThatIsRefusedIsToldOnceAndTakenWhenItIsMended) {
  EXPECT_TRUE(host_->secret("key"));
  const auto file = rig_.folder / "secret";
  test_support::write_file(file, "another one");
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(services_->secrets_rotated());
  EXPECT_EQ(rig_.log.text(), "warning a: the secret file " + file.string() +
                                 " can be read or written by others; chmod 600 it\n");
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  EXPECT_TRUE(services_->secrets_rotated());
  EXPECT_EQ(host_->secret("key")->value(), "another one");
  std::filesystem::remove(file);
  EXPECT_FALSE(services_->secrets_rotated());
  EXPECT_EQ(rig_.log.count("warning a: the secret file " + file.string() + " cannot be read"), 1);
}

TEST_F(HostServicesTest, ASecretThatIsNotThereIsAnAuthErrorAndSaid) {
  EXPECT_FALSE(host_->secret("nobody's"));
  EXPECT_EQ(rig_.log.count("error a: "), 1);
}

TEST_F(HostServicesTest, LinesAreOneLineOfBoundedSize) {
  host_->log(99, "two\nlines \x1b[31m" + std::string(10'000, 'x'));
  EXPECT_EQ(rig_.log.count("error a: two lines  [31mxxx"), 1) << rig_.log.text();
  EXPECT_LT(rig_.log.text().size(), 4200u);
}

TEST_F(HostServicesTest, MetricsAddUpAndAreBounded) {
  host_->count("requests_total", "kind=page", 2);
  host_->count("requests_total", "kind=page", 3);
  host_->gauge("lag_seconds", "", 7);
  host_->gauge("lag_seconds", "", 4);
  for (int i = 0; i < 2000; ++i) host_->gauge("flood", std::to_string(i), 1);
  std::map<std::string, int64_t> values;
  for (const Metric& metric : metrics_.snapshot())
    values[metric.key.name + metric.key.labels] = metric.value;
  EXPECT_EQ(values["requests_totalkind=page"], 5);
  EXPECT_EQ(values["lag_seconds"], 4);
  EXPECT_EQ(metrics_.snapshot().size(), Metrics::kMostPerPipeline);
}

TEST_F(HostServicesTest, ANameThatHoldsASecretIsScrubbedOnceTheSecretIsKnown) {
  host_->gauge("lag_seconds", kSecretText, 1);
  EXPECT_TRUE(host_->secret("key"));
  host_->gauge("lag_seconds", kSecretText, 2);
  EXPECT_EQ(metrics_.snapshot().front().key.labels, "[secret]");
}

TEST_F(HostServicesTest, ClocksRandomnessAndPropertiesAreTheHosts) {
  EXPECT_EQ(host_->wall_clock(), rig_.clock.wall_ns());
  EXPECT_EQ(host_->monotonic_clock(), rig_.clock.monotonic_ns());
  EXPECT_EQ(host_->property("user_agent"), "test");
  EXPECT_EQ(host_->property("proxy"), "");
  const uint64_t first = host_->random();
  HostServices again("a", {rig_.clock, rig_.log, pace_, metrics_, scrubber_, properties_, 1},
                     *secrets_);
  EXPECT_EQ(connector::Host(&again.table()).random(), first) << "a seed replays";
  EXPECT_EQ(host_->pace_acquire("k", kSecond), 0);
  EXPECT_EQ(connector::Host(&again.table()).pace_acquire("k", kSecond), kSecond);
  EXPECT_EQ(again.table().extension(again.table().context, connector::text("any/1")), nullptr);
}

}  // namespace
}  // namespace host::test
