// The real program, searched for a secret in every place where it leaves anything: both streams in
// every level and format, each command, and every file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/end_to_end/program_world.hpp"
#include "tests/end_to_end/secret_search.hpp"
#include "tests/host_sim/status/raw_client.hpp"

namespace end_to_end {
namespace {

namespace fs = std::filesystem;
namespace fault = fake_aikido::fault;
using fake_aikido::Kind;
using test_support::ProgramEnd;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kSecret = "ca/na+ry \"<\\%&=?\xC3\xA9 4711";
constexpr std::string_view kToken = "eyJhbGciOiJIUzI1NiJ9.dG9rZW4_Q2FuYXJ5.sig-4711~x";

class Canary : public testing::Test {
 protected:
  Canary() {
    world_.add_history(60);
    world_.server().credentials().change(
        "AIK_CLIENT_test", [](fake_aikido::Client& client) { client.secret = kSecret; });
    world_.secrets_yaml = "{client_secret: {env: AIKIDO_CLIENT_SECRET}}";
    world_.environment["AIKIDO_CLIENT_SECRET"] = kSecret;
    search_.add("the secret", kSecret);
    search_.add("the pair", "AIK_CLIENT_test:" + std::string(kSecret));
    search_.add("the token", kToken);
  }

  // The token endpoint gives the token that is searched for.
  void give_known_token() {
    world_.server().faults().push(
        fault::body(
            nlohmann::json{{"access_token", kToken}, {"expires_in", 3600}, {"token_type", "bearer"}}
                .dump())
            .on(Kind::kToken)
            .for_ever());
  }
  // An answer that repeats whatever it was sent, in every form.
  std::string echo() const {
    std::string all = "refused: ";
    for (const SecretSearch::Form& form : search_.forms()) all += form.text + " ";
    return nlohmann::json{{"error", all}, {"message", all}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  void expect_clean(const std::string& where, const std::string& bytes) {
    EXPECT_FALSE(bytes.empty()) << where << " is empty, so that nothing was searched";
    EXPECT_THAT(search_.found_in(bytes), IsEmpty()) << where;
  }
  // Every file but those named.
  void expect_files_clean(const std::vector<std::string>& must_be_there) {
    std::vector<std::string> names;
    for (const auto& file : fs::recursive_directory_iterator(world_.folder.path())) {
      const std::string name = file.path().filename();
      if (name == "secret" || !file.is_regular_file()) continue;
      names.push_back(name);
      EXPECT_THAT(search_.found_in(test_support::read_file(file.path())), IsEmpty()) << name;
    }
    for (const std::string& name : must_be_there) EXPECT_THAT(names, testing::Contains(name));
  }
  // What a running host said until it had said `text`, or to the end of its first trouble.
  ProgramEnd run_until(const std::vector<std::string>& words, const std::string& text) {
    const auto program = world_.start(words);
    EXPECT_TRUE(program->wait_for_err(text, kBounded)) << program->err();
    program->signal(SIGTERM);
    return program->wait(kBounded).value_or(ProgramEnd{});
  }

  ProgramWorld world_;
  SecretSearch search_;
};

struct Level {
  const char* name;
  const char* format;
};

class CanaryAtEveryLevel : public Canary, public testing::WithParamInterface<Level> {};

// Refusals stop an input, which every level shows.
TEST_P(CanaryAtEveryLevel, AVendorThatEchoesShowsNothing) {
  const std::vector<std::string> words = {"--log-level",     GetParam().name, "--log-format",
                                          GetParam().format, "run",           "M"};
  for (const Kind kind : {Kind::kToken, Kind::kPage}) {
    world_.server().faults().clear();
    if (kind == Kind::kPage) give_known_token();
    world_.server().faults().push(fault::body(echo(), 403).on(kind).for_ever());
    const ProgramEnd end = run_until(words, "refused: ");
    EXPECT_THAT(end.err, HasSubstr("[hidden]"));
    if (GetParam().name == std::string_view("debug")) {
      EXPECT_THAT(end.err, testing::ContainsRegex(
                               kind == Kind::kToken ? "token: [^\n]*\\[hidden\\]"
                                                    : "late, [^\n]*, page 0: [^\n]*\\[hidden\\]"));
    }
    expect_clean("stderr", end.err);
    EXPECT_THAT(end.out, IsEmpty());
  }
  expect_files_clean({"host.db", "manifest.yaml"});
}

INSTANTIATE_TEST_SUITE_P(Logs, CanaryAtEveryLevel,
                         testing::Values(Level{"debug", "text"}, Level{"debug", "json"},
                                         Level{"info", "text"}, Level{"info", "json"},
                                         Level{"warning", "text"}, Level{"warning", "json"},
                                         Level{"error", "text"}, Level{"error", "json"}),
                         [](const auto& parameter) {
                           return std::string(parameter.param.name) + "_" + parameter.param.format;
                         });

TEST_F(Canary, NoClassOfAnswerShowsIt) {
  for (const unsigned code : {400U, 401U, 404U, 408U, 422U, 429U, 500U, 503U})
    for (const Kind kind : {Kind::kToken, Kind::kPage}) {
      world_.server().faults().clear();
      if (kind == Kind::kPage) give_known_token();
      world_.server().faults().push(fault::body(echo(), code).on(kind).for_ever());
      const ProgramEnd end = world_.run({"--log-level", "debug", "check", "M"});
      EXPECT_EQ(end.exit_code, 1) << code;
      EXPECT_THAT(end.out, HasSubstr("[hidden]")) << code;
      expect_clean("stdout", end.out);
      EXPECT_THAT(search_.found_in(end.err), IsEmpty());
    }
}

// Headers are the vendor's to choose, too.
TEST_F(Canary, NoHeaderShowsIt) {
  give_known_token();
  const std::string encoded = search_.forms().back().text;
  world_.server().faults().push(
      fault::redirect("https://127.0.0.1/" + std::string(kToken) + encoded)
          .on(Kind::kPage)
          .for_ever());
  expect_clean("stderr", run_until({"--log-level", "debug", "run", "M"}, "erroring").err);
  world_.server().faults().clear();
  give_known_token();
  world_.server().faults().push(
      fault::retry_after(429, std::string(kToken) + encoded).on(Kind::kPage).for_ever());
  expect_clean("stderr", run_until({"--log-level", "debug", "run", "M"}, "throttled").err);
}

TEST_F(Canary, NoCommandShowsIt) {
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(world_.lines().size(), 60U);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"check", "M"},
                                             {"preview", "-n", "3", "M"},
                                             {"describe", "aikido_activity_log"},
                                             {"plugins"},
                                             {"state", "show", "M"},
                                             {"state", "show", "--json", "M"},
                                             {"state", "export", "M"},
                                             {"check", "--json", "M"},
                                             {"state", "reset", "--yes", "M"}}) {
    std::vector<std::string> all = {"--log-level", "debug", "--plugin-dir", PLUGIN_FOLDER};
    all.insert(all.end(), words.begin(), words.end());
    const ProgramEnd end = world_.run(all);
    EXPECT_EQ(end.exit_code, 0) << words[0] << end.err;
    expect_clean(words[0], end.out + end.err + "\n");
  }
  expect_files_clean({"host.db", "out.ndjson", "manifest.yaml"});
}

TEST_F(Canary, NoPageOfTheStatusShowsIt) {
  give_known_token();
  world_.server().faults().push(fault::body(echo(), 403).on(Kind::kPage).for_ever());
  const auto program = world_.start({"run", "--status", "127.0.0.1:0", "M"});
  ASSERT_TRUE(program->wait_for_err("refused: ", kBounded)) << program->err();
  const uint16_t port = host::status::test::port_in(program->err());
  for (const char* path : {"/", "/page.js", "/page.css", "/healthz", "/metrics", "/api/pipelines"})
    expect_clean(path, host::status::test::get(port, path));
  EXPECT_THAT(host::status::test::get(port, "/api/pipelines"), HasSubstr("[hidden]"));
  EXPECT_THAT(host::status::test::get(port, "/healthz"), HasSubstr("[hidden]"));
}

// With the database's log as a crash leaves it.
TEST_F(Canary, NoFileOfAKilledHostHoldsIt) {
  const auto program = world_.start({"run", "M"});
  ASSERT_TRUE(world_.comes_to_hold_all()) << program->err();
  ASSERT_TRUE(comes_true([&] { return world_.committed().has_value(); }));
  program->signal(SIGKILL);
  program->wait(kBounded);
  expect_clean("the log", program->err());
  expect_files_clean({"host.db", "host.db-wal", "host.db-shm", "host.db.lock", "out.ndjson"});
  EXPECT_GT(fs::file_size(world_.state.string() + "-wal"), 0U);
}

// Where somebody puts the secret itself in place of its name.
TEST_F(Canary, NoMistakeInAManifestShowsIt) {
  const std::string plain = "canary-4711-in-the-manifest";
  search_.add("the plain one", plain);
  const auto expect_refused = [&] {
    for (const char* command : {"run", "check", "preview"}) {
      const ProgramEnd end = world_.run({command, "M"});
      EXPECT_EQ(end.exit_code, 2) << end.err;
      expect_clean("both streams", end.out + end.err);
    }
  };
  for (const std::string& secrets :
       {"{client_secret: " + plain + "}", "{client_secret: {env: " + plain + "}}",
        "{client_secret: {value: " + plain + "}}", "{client_secret: [" + plain + "]}",
        "{client_secret: {file: " + plain + "}}"}) {
    world_.secrets_yaml = secrets;
    expect_refused();
  }
  world_.secrets_yaml = "{client_secret: {env: AIKIDO_CLIENT_SECRET}}";
  world_.settings["client_secret"] = plain;
  expect_refused();
}

TEST_F(Canary, ThePasswordOfAProxyIsTakenOutOfTheEnvironment) {
  world_.environment["CONNECTOR_PROXY"] = "http://me:" + std::string(kSecret) + "@127.0.0.1:1";
  const auto program = world_.start({"run", "--status", "127.0.0.1:0", "M"});
  ASSERT_TRUE(program->wait_for_err("status on ", kBounded)) << program->err();
  const std::string environment =
      test_support::read_file("/proc/" + std::to_string(program->pid()) + "/environ");
  EXPECT_THAT(environment, HasSubstr("PATH="));
  expect_clean("the environment", environment);
  program->signal(SIGTERM);
  program->wait(kBounded);
}

TEST_F(Canary, APlantedLeakIsFound) {
  for (const SecretSearch::Form& form : search_.forms()) {
    test_support::write_file(world_.folder / "planted", "before" + form.text + "behind");
    EXPECT_THAT(search_.found_in(test_support::read_file(world_.folder / "planted")),
                testing::Contains(form.what));
  }
  EXPECT_GE(search_.forms().size(), 60U);
}

}  // namespace
}  // namespace end_to_end
