// The Aikido input before the judge: every law of the border, against the stand-in.
#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <sstream>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/certificates.hpp"
#include "tests/fake_aikido/server.hpp"
#include "tests/judge/judge_run.hpp"
#include "tests/support/files.hpp"

namespace judge {
namespace {

constexpr size_t kRecords = 700;

// What only the plugin can know of its settings; the schema lets all of it pass.
constexpr const char* kBadSettings = R"([
  {"settings": {"client_id": "AIK_CLIENT_test", "base_url": "http://example.com"},
   "mistakes": ["/base_url"]},
  {"settings": {"client_id": "AIK_CLIENT_test", "backfill_start_time": "yesterday",
                "poll_interval": "soon", "repository_id": "-1"},
   "mistakes": ["/backfill_start_time", "/poll_interval", "/repository_id"]},
  {"settings": {"client_id": "AIK CLIENT", "region": "eu", "base_url": "https://app.aikido.dev"},
   "mistakes": ["/client_id", "/base_url"]}])";

class AikidoInput : public testing::Test {
 protected:
  AikidoInput() : server_(options(), std::make_shared<fake_aikido::Organisation>()) {
    fake_aikido::ActivityStyle style;
    style.shape = fake_aikido::Shape::kMixed;
    const int64_t now_s = server_.now_ns() / fake_aikido::kSecond;
    server_.organisation().add(
        fake_aikido::make_activity(kRecords, now_s - 2 * 86'400, now_s - 60, style));
    test_support::write_file(folder_ / "settings.json",
                             R"({"client_id": "AIK_CLIENT_test", "backfill_start_time": "-3d",
                                 "base_url": ")" +
                                 server_.url() + "\"}");
    test_support::write_file(folder_ / "bad_settings.json", kBadSettings);
    test_support::write_file(folder_ / "ca.pem", authority_.certificate());
  }

  // Over TLS, for plain http goes past the proxy at which the judge has calls hang.
  fake_aikido::ServerOptions options() const {
    fake_aikido::ServerOptions options;
    options.tls = authority_.issue({"IP:127.0.0.1"});
    options.switches.quota = 1'000'000;  // the judge steps over the pace's waits
    return options;
  }

  Report judged_with(test_support::Arguments more = {}) {
    more.insert(more.begin(),
                {AIKIDO_ACTIVITY_LOG, "--settings", folder_ / "settings.json", "--bad-settings",
                 folder_ / "bad_settings.json", "--secret", "client_secret=AIKIDO_CLIENT_SECRET",
                 "--property", "ca_bundle=" + (folder_ / "ca.pem").string()});
    return judged(more, {{"AIKIDO_CLIENT_SECRET", "AIK_SECRET_test"}});
  }

  const fake_aikido::CertificateAuthority authority_;
  const test_support::TemporaryFolder folder_;
  fake_aikido::Server server_;
};

TEST_F(AikidoInput, KeepsEveryLaw) {
  const Report report = judged_with();
  expect_every_law_kept(report);
  const auto said = [&](const char* law) { return report.verdicts.at(law).detail; };
  EXPECT_EQ(said("exports"), "8 functions, nothing else");
  EXPECT_NE(said("checkpoint_replay").find(std::to_string(kRecords) + " records"),
            std::string::npos)
      << said("checkpoint_replay");
  EXPECT_EQ(said("cancel"), "ended in time, also while a server did not answer");
  EXPECT_GT(server_.log().count(fake_aikido::Kind::kPage), kRecords / 50);
}

// The seed decides in which order batches go and what noise a damaged checkpoint is made of.
TEST_F(AikidoInput, KeepsTheLawsOfBatchesAndCheckpointsUnderEverySeed) {
  for (const char* seed : {"2", "3", "4"}) {
    const Report report =
        judged_with({"--seed", seed, "--test", "batch_lifetime", "--test", "checkpoint_replay"});
    EXPECT_EQ(report.exit_code, 0) << report.all;
  }
}

// Whichever call it is in: each would take longer of itself than a cancelled one may.
TEST_F(AikidoInput, IsCancelledInTimeWhileTheServerIsSlow) {
  server_.faults().push(fake_aikido::fault::delay(fake_aikido::kSecond * 3 / 10).for_ever());
  const Report report = judged_with({"--test", "cancel"});
  EXPECT_EQ(report.exit_code, 0) << report.all;
  EXPECT_GT(server_.log().count(fake_aikido::Kind::kPage), 10u);
}

TEST_F(AikidoInput, DefinesNoDynamicSymbolButTheBordersEight) {
  const auto nm =
      test_support::run_program({NM, "-D", "--defined-only", "-j", AIKIDO_ACTIVITY_LOG});
  std::istringstream lines(nm.out);
  const std::set<std::string> names(std::istream_iterator<std::string>(lines), {});
  EXPECT_EQ(names,
            (std::set<std::string>{"connector_abi_version", "connector_describe", "connector_init",
                                   "connector_configure", "connector_next_batch", "connector_check",
                                   "connector_cancel", "connector_destroy"}));
}

}  // namespace
}  // namespace judge
