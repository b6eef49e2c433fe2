// The program: what it prints, serves, and leaves behind when it is told to end.
#include "tests/support/program.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/fake_aikido/test_client.hpp"
#include "tests/support/files.hpp"

namespace fake_aikido {
namespace {

using test_support::Program;

constexpr std::chrono::seconds kLimit(30);
const test_support::Environment kSecret = {{"FAKE_AIKIDO_SECRET", "s3cret"}};

// From its first line, "listening on URL".
std::string url_of(const Program& program) {
  const std::string out = program.out();
  const size_t begin = out.find("http");
  return out.substr(begin, out.find('\n') - begin);
}

TEST(Program, ServesAndReports) {
  const test_support::TemporaryFolder folder;
  const std::string report = folder / "report.json";
  const std::string dump = folder / "dump.ndjson";
  Program program({FAKE_AIKIDO_PROGRAM, "--records", "120", "--shape", "mixed", "--client-id", "id",
                   "--control", "--report", report, "--dump", dump},
                  kSecret);
  ASSERT_TRUE(program.wait_for_out("\n", kLimit)) << program.err();
  TestClient client(url_of(program));
  ASSERT_NE(client.token("id", "s3cret"), "");
  const auto page = nlohmann::json::parse(client.page("per_page=50").body);
  EXPECT_EQ(page.size(), 50u);
  const auto counts = nlohmann::json::parse(client.send({.target = "/_control/counts"}).body);
  EXPECT_EQ(counts["requests"], 2);

  program.signal(SIGTERM);
  const auto end = program.wait(kLimit);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << end->err;
  const auto left = nlohmann::json::parse(test_support::read_file(report));
  EXPECT_EQ(left["records"], 120);
  EXPECT_EQ(left["requests"], 2);
  EXPECT_EQ(left["page_requests"], 1);
  EXPECT_EQ(left["least_backfill_requests"], 4);
  const auto lines = test_support::read_lines(dump);
  ASSERT_EQ(lines.size(), 120u);
  EXPECT_EQ(nlohmann::json::parse(lines.back()), page[0]) << "the youngest is listed first";
}

TEST(Program, ServesTlsWithACertificateToTrust) {
  const test_support::TemporaryFolder folder;
  Program program({FAKE_AIKIDO_PROGRAM, "--records", "0", "--client-id", "id", "--tls",
                   folder / "authority.pem"},
                  kSecret);
  ASSERT_TRUE(program.wait_for_out("https://127.0.0.1:", kLimit)) << program.err();
  ASSERT_TRUE(program.wait_for_out("\n", kLimit));
  TestClient client(url_of(program), test_support::read_file(folder / "authority.pem"));
  EXPECT_NE(client.token("id", "s3cret"), "");
}

TEST(Program, AddsLiveRecords) {
  Program program({FAKE_AIKIDO_PROGRAM, "--records", "0", "--client-id", "id", "--quota", "100000",
                   "--live-per-minute", "60000"},
                  kSecret);
  ASSERT_TRUE(program.wait_for_out("\n", kLimit)) << program.err();
  TestClient client(url_of(program));
  client.token("id", "s3cret");
  size_t seen = 0;
  for (int call = 0; call < 50'000 && seen == 0; ++call)
    seen = nlohmann::json::parse(client.page("per_page=50").body).size();
  EXPECT_GT(seen, 0u);
}

TEST(Program, NamesItsMistakes) {
  const auto no_secret =
      test_support::run_program({FAKE_AIKIDO_PROGRAM}, {{"FAKE_AIKIDO_SECRET", ""}});
  EXPECT_EQ(no_secret.exit_code, 2);
  EXPECT_NE(no_secret.err.find("FAKE_AIKIDO_SECRET"), std::string::npos);
  const auto no_shape =
      test_support::run_program({FAKE_AIKIDO_PROGRAM, "--shape", "round"}, kSecret);
  EXPECT_EQ(no_shape.exit_code, 2);
  EXPECT_NE(no_shape.err.find("--shape"), std::string::npos);
  Server taken;
  const auto busy = test_support::run_program(
      {FAKE_AIKIDO_PROGRAM, "--port", std::to_string(taken.port())}, kSecret);
  EXPECT_EQ(busy.exit_code, 1);
  EXPECT_NE(busy.err.find("in use"), std::string::npos) << busy.err;
}

}  // namespace
}  // namespace fake_aikido
