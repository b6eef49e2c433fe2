// No secret and no token, in any form that text can take, reaches a log, an error, the state, the
// output or what a command prints.
#include <gmock/gmock.h>

#include <sstream>

#include "host_sim/commands/check.hpp"
#include "host_sim/commands/preview.hpp"
#include "host_sim/log.hpp"
#include "tests/end_to_end/secret_search.hpp"
#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

constexpr std::string_view kCanary = "ca/na+ry \"\\%&=?\xC3\xA9 4711";

void expect_free_of_secrets(const std::string& where, const std::string& text,
                            const SecretSearch& search) {
  EXPECT_THAT(search.found_in(text), testing::IsEmpty()) << where;
}

class Secrecy : public testing::Test {
 protected:
  Secrecy() {
    world_.settings["backfill_start_time"] = "-10d";
    world_.add_history(200, 9 * kDay);
    test_support::write_file(world_.secret(), kCanary);
    world_.server().credentials().change(
        "AIK_CLIENT_test", [](fake_aikido::Client& client) { client.secret = kCanary; });
    search_.add("the secret", kCanary);
    search_.add("the pair", "AIK_CLIENT_test:" + std::string(kCanary));
  }

  // All that the host has left behind, state and output included.
  void expect_nothing_leaked() {
    expect_free_of_secrets("the log", world_.log(), search_);
    for (const auto& file : std::filesystem::directory_iterator(world_.folder().path()))
      if (file.path() != world_.secret())
        expect_free_of_secrets(file.path(), test_support::read_file(file.path()), search_);
  }

  World world_;
  SecretSearch search_;
};

TEST_F(Secrecy, HoldsWhileAllIsWell) {
  ASSERT_EQ(world_.run_once(), 0) << world_.log();
  EXPECT_TRUE(is_complete(world_));
  expect_nothing_leaked();
}

constexpr unsigned kAnswers[] = {400, 401, 403, 404, 429, 500, 200};

std::string echo_of(const SecretSearch& search) {
  std::string all;
  for (const SecretSearch::Form& form : search.forms()) all += form.text + " ";
  return nlohmann::json{{"error", "refused: " + all}}.dump();
}

TEST_F(Secrecy, HoldsWhenTheVendorEchoesTheSecret) {
  for (const unsigned code : kAnswers) {
    world_.server().faults().clear();
    world_.server().faults().push(
        fake_aikido::fault::body(echo_of(search_), code).on(Kind::kToken).for_ever());
    world_.run_for(2 * kMinute);
    const bool quoted = world_.log().find("refused: ") != std::string::npos;
    EXPECT_EQ(quoted, code != 200) << world_.log();
    expect_nothing_leaked();
  }
}

TEST_F(Secrecy, HoldsWhenTheVendorEchoesTheToken) {
  const std::string token = "eyJhbGciOiJIUzI1NiJ9.tokenCanary4711.sig";
  search_.add("the token", token);
  const std::string grant = nlohmann::json{
      {"access_token", token},
      {"expires_in", 3600},
      {"token_type", "bearer"}}.dump();
  for (const unsigned code : kAnswers) {
    world_.server().faults().clear();
    world_.server().faults().push(fake_aikido::fault::body(grant).on(Kind::kToken).for_ever());
    world_.server().faults().push(
        fake_aikido::fault::body(echo_of(search_), code).on(Kind::kPage).for_ever());
    world_.run_for(2 * kMinute);
    EXPECT_NE(world_.log().find("refused: "), std::string::npos) << world_.log();
    expect_nothing_leaked();
  }
}

TEST_F(Secrecy, HoldsForCheckAndPreview) {
  world_.write_files();
  for (const bool right : {true, false}) {
    if (!right)
      world_.server().credentials().change(
          "AIK_CLIENT_test", [](fake_aikido::Client& client) { client.secret = "rotated"; });
    std::istringstream in;
    std::ostringstream out, err, lines;
    const auto log =
        host::make_log(world_.clock(), host::LogLevel::kDebug, host::LogFormat::kJson, lines);
    host::SecretEnvironment environment;
    const host::commands::Context context{world_.clock(), *log, environment, in, out, err};
    host::CommandLine command;
    command.manifest = world_.manifest();
    command.records = 3;
    EXPECT_EQ(host::commands::check(command, context), right ? 0 : 1) << out.str() << lines.str();
    host::commands::preview(command, context);
    EXPECT_FALSE(out.str().empty());
    expect_free_of_secrets("what was printed", out.str() + err.str() + lines.str(), search_);
  }
  expect_nothing_leaked();
}

}  // namespace
}  // namespace end_to_end
