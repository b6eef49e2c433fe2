// No secret and no token, in any form that text can take, reaches a log, an error, the state, the
// output or what a command prints.
#include <openssl/evp.h>

#include <sstream>

#include "host_sim/commands/check.hpp"
#include "host_sim/commands/preview.hpp"
#include "host_sim/log.hpp"
#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

constexpr std::string_view kCanary = "ca/na+ry \"\\%&=?\xC3\xA9 4711";

std::string base64(std::string_view bytes) {
  std::string text(4 * (bytes.size() / 3 + 1) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

std::string url_escaped(std::string_view bytes) {
  std::ostringstream text;
  text << std::uppercase << std::hex;
  for (const unsigned char c : bytes)
    if (std::isalnum(c) != 0 ||
        std::string_view("-._~").find(static_cast<char>(c)) != std::string_view::npos)
      text << c;
    else
      text << '%' << (c < 16 ? "0" : "") << static_cast<int>(c);
  return text.str();
}

std::vector<std::string> forms(std::string_view secret) {
  std::string json = nlohmann::json(secret).dump();
  std::string ascii = nlohmann::json(secret).dump(-1, ' ', true);
  const auto bare = [](const std::string& quoted) { return quoted.substr(1, quoted.size() - 2); };
  std::string basic = base64("AIK_CLIENT_test:" + std::string(secret));
  return {std::string(secret), base64(secret), basic, url_escaped(secret), bare(json), bare(ascii)};
}

void expect_free_of_secrets(const std::string& where, const std::string& text,
                            const std::vector<std::string>& needles) {
  for (const std::string& needle : needles)
    EXPECT_EQ(text.find(needle), std::string::npos) << where << " holds " << needle;
}

class Secrecy : public testing::Test {
 protected:
  Secrecy() {
    world_.settings["backfill_start_time"] = "-10d";
    world_.add_history(200, 9 * kDay);
    test_support::write_file(world_.secret(), kCanary);
    world_.server().credentials().change(
        "AIK_CLIENT_test", [](fake_aikido::Client& client) { client.secret = kCanary; });
    needles_ = forms(kCanary);
  }

  // All that the host has left behind, state and output included.
  void expect_nothing_leaked() {
    expect_free_of_secrets("the log", world_.log(), needles_);
    for (const auto& file : std::filesystem::directory_iterator(world_.folder().path()))
      if (file.path() != world_.secret())
        expect_free_of_secrets(file.path(), test_support::read_file(file.path()), needles_);
  }

  World world_;
  std::vector<std::string> needles_;
};

TEST_F(Secrecy, HoldsWhileAllIsWell) {
  ASSERT_EQ(world_.run_once(), 0) << world_.log();
  EXPECT_TRUE(is_complete(world_));
  expect_nothing_leaked();
}

constexpr unsigned kAnswers[] = {400, 401, 403, 404, 429, 500, 200};

std::string echo_of(const std::vector<std::string>& needles) {
  std::string all;
  for (const std::string& needle : needles) all += needle + " ";
  return nlohmann::json{{"error", "refused: " + all}}.dump();
}

TEST_F(Secrecy, HoldsWhenTheVendorEchoesTheSecret) {
  for (const unsigned code : kAnswers) {
    world_.server().faults().clear();
    world_.server().faults().push(
        fake_aikido::fault::body(echo_of(needles_), code).on(Kind::kToken).for_ever());
    world_.run_for(2 * kMinute);
    const bool quoted = world_.log().find("refused: ") != std::string::npos;
    EXPECT_EQ(quoted, code != 200) << world_.log();
    expect_nothing_leaked();
  }
}

TEST_F(Secrecy, HoldsWhenTheVendorEchoesTheToken) {
  const std::string token = "eyJhbGciOiJIUzI1NiJ9.tokenCanary4711.sig";
  needles_.push_back(token);
  needles_.push_back(base64(token));
  const std::string grant = nlohmann::json{
      {"access_token", token},
      {"expires_in", 3600},
      {"token_type", "bearer"}}.dump();
  for (const unsigned code : kAnswers) {
    world_.server().faults().clear();
    world_.server().faults().push(fake_aikido::fault::body(grant).on(Kind::kToken).for_ever());
    world_.server().faults().push(
        fake_aikido::fault::body(echo_of(needles_), code).on(Kind::kPage).for_ever());
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
    expect_free_of_secrets("what was printed", out.str() + err.str() + lines.str(), needles_);
  }
  expect_nothing_leaked();
}

}  // namespace
}  // namespace end_to_end
