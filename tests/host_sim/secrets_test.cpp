#include "host_sim/secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/files.hpp"

namespace host {
namespace {

using test_support::TemporaryFolder;
using test_support::write_file;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kVariable = "SECRETS_TEST_VALUE";

std::map<std::string, SecretReference> from_variable(const std::string& variable) {
  return {{"key", {SecretReference::Kind::kEnvironment, variable, {7}, "p.input.secrets.key"}}};
}

std::map<std::string, SecretReference> from_file(const std::filesystem::path& file) {
  return {{"key", {SecretReference::Kind::kFile, file.string(), {9}, "p.input.secrets.key"}}};
}

void write_secret(const std::filesystem::path& file, std::string_view text, mode_t mode = 0600) {
  write_file(file, text);
  ASSERT_EQ(::chmod(file.c_str(), mode), 0);
}

std::string value_of(Secrets& secrets) {
  const auto value = secrets.acquire("key");
  return value ? std::string((*value)->text()) : "refused: " + value.error().text;
}

uint64_t generation_of(Secrets& secrets) {
  const auto value = secrets.acquire("key");
  return value ? (*value)->generation() : 0;
}

std::string bytes_of(const char* file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class FileSecret : public testing::Test {
 protected:
  TemporaryFolder folder_;
  SecretEnvironment environment_;
  const std::filesystem::path file_ = folder_ / "secret";
};

TEST(EnvironmentSecret, IsTakenOutOfTheEnvironmentAndOverwrittenWhereItStood) {
  ::setenv(kVariable, "taken-and-gone", 1);
  const char* const stood_at = ::getenv(kVariable);
  SecretEnvironment environment;
  Secrets secrets(from_variable(kVariable), environment);
  EXPECT_EQ(::getenv(kVariable), nullptr);
  EXPECT_EQ(stood_at[0], '\0');
  EXPECT_EQ(stood_at[5], '\0');
  EXPECT_EQ(value_of(secrets), "taken-and-gone");
  EXPECT_TRUE(secrets.problems().empty());
}

TEST(EnvironmentSecret, ServesSeveralPipelines) {
  ::setenv(kVariable, "shared", 1);
  SecretEnvironment environment;
  Secrets first(from_variable(kVariable), environment);
  Secrets second(from_variable(kVariable), environment);
  EXPECT_EQ(value_of(first), "shared");
  EXPECT_EQ(value_of(second), "shared");
}

TEST(EnvironmentSecret, LosesOneTrailingNewline) {
  ::setenv(kVariable, "line\n\n", 1);
  SecretEnvironment environment;
  Secrets secrets(from_variable(kVariable), environment);
  EXPECT_EQ(value_of(secrets), "line\n");
}

TEST(EnvironmentSecret, MissingOrEmptyIsAProblemWithItsLine) {
  for (const char* value : {static_cast<const char*>(nullptr), "", "\n"}) {
    ::unsetenv(kVariable);
    if (value) ::setenv(kVariable, value, 1);
    SecretEnvironment environment;
    Secrets secrets(from_variable(kVariable), environment);
    const std::vector<Mistake> problems = secrets.problems();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].place.line, 7);
    EXPECT_EQ(problems[0].key_path, "p.input.secrets.key");
    EXPECT_EQ(problems[0].text,
              "the environment variable SECRETS_TEST_VALUE is not set, or empty; set it for this "
              "process");
    EXPECT_EQ(secrets.acquire("key").error().status, Status::kAuth);
  }
  ::unsetenv(kVariable);
}

TEST(EnvironmentSecret, AVariableThatLooksLikeASecretIsNotQuoted) {
  SecretEnvironment environment;
  Secrets secrets(from_variable("s3cr3tvalue"), environment);
  EXPECT_THAT(value_of(secrets), Not(HasSubstr("s3cr3tvalue")));
}

TEST(Secret, OfAnUnknownNameIsRefused) {
  SecretEnvironment environment;
  Secrets secrets({}, environment);
  EXPECT_THAT(value_of(secrets), HasSubstr("no secret named key"));
}

TEST(Secret, LivesAsLongAsItIsHeldAndStartsOnAPageOfItsOwn) {
  std::shared_ptr<const SecretValue> held;
  {
    ::setenv(kVariable, "outlives", 1);
    SecretEnvironment environment;
    Secrets secrets(from_variable(kVariable), environment);
    held = *secrets.acquire("key");
  }
  EXPECT_EQ(held->text(), "outlives");
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(held->text().data()) % page, 0u);
}

TEST_F(FileSecret, LosesOneTrailingNewlineAndNothingElse) {
  for (const auto& [written, read] : std::vector<std::pair<std::string, std::string>>{
           {"abc", "abc"}, {"abc\n", "abc"}, {"abc\n\n", "abc\n"}, {" abc ", " abc "}}) {
    write_secret(file_, written);
    Secrets secrets(from_file(file_), environment_);
    EXPECT_EQ(value_of(secrets), read);
    EXPECT_TRUE(secrets.problems().empty());
  }
}

TEST_F(FileSecret, ThatChangedHasANewGeneration) {
  write_secret(file_, "first");
  Secrets secrets(from_file(file_), environment_);
  const uint64_t before = generation_of(secrets);
  EXPECT_EQ(generation_of(secrets), before);
  const auto held = *secrets.acquire("key");
  write_secret(folder_ / "new", "second");
  std::filesystem::rename(folder_ / "new", file_);
  EXPECT_EQ(value_of(secrets), "second");
  EXPECT_NE(generation_of(secrets), before);
  EXPECT_EQ(held->text(), "first");
}

TEST_F(FileSecret, WrittenAgainWithTheSameTextIsNotRotated) {
  write_secret(file_, "same");
  Secrets secrets(from_file(file_), environment_);
  const uint64_t before = generation_of(secrets);
  write_secret(folder_ / "new", "same\n");
  std::filesystem::rename(folder_ / "new", file_);
  EXPECT_EQ(generation_of(secrets), before);
}

TEST_F(FileSecret, MayBeALinkAsMountedSecretsAre) {
  write_secret(folder_ / "data", "linked");
  std::filesystem::create_symlink("data", file_);
  Secrets secrets(from_file(file_), environment_);
  EXPECT_EQ(value_of(secrets), "linked");
}

TEST_F(FileSecret, ThatOthersCanReachIsRefused) {
  for (const mode_t mode : {0640, 0604, 0620, 0610, 0666}) {
    write_secret(file_, "open", mode);
    Secrets secrets(from_file(file_), environment_);
    const std::vector<Mistake> problems = secrets.problems();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].place.line, 9);
    EXPECT_THAT(problems[0].text, HasSubstr("chmod 600"));
    EXPECT_THAT(problems[0].text, HasSubstr(file_.string()));
  }
}

TEST_F(FileSecret, OfASomebodyElseIsRefused) {
  write_secret(file_, "theirs");
  if (::geteuid() != 0 || ::chown(file_.c_str(), 65534, 65534) != 0) return;  // only root can give
  ASSERT_EQ(::seteuid(65533), 0);
  Secrets secrets(from_file(file_), environment_);
  const std::string value = value_of(secrets);
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_THAT(value, HasSubstr("refused"));
}

TEST_F(FileSecret, ThatIsNoUsableFileIsRefusedWithTheReason) {
  Secrets missing(from_file(folder_ / "missing"), environment_);
  EXPECT_THAT(value_of(missing), HasSubstr("No such file"));
  Secrets folder(from_file(folder_.path()), environment_);
  EXPECT_THAT(value_of(folder), HasSubstr("no regular file"));
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  Secrets fifo(from_file(folder_ / "fifo"), environment_);
  EXPECT_THAT(value_of(fifo), HasSubstr("no regular file"));
  write_secret(file_, "\n");
  Secrets empty(from_file(file_), environment_);
  EXPECT_THAT(value_of(empty), HasSubstr("is empty"));
}

TEST_F(FileSecret, MayHave64KiBAndNoMore) {
  write_secret(file_, std::string(64 * 1024, 'x'));
  Secrets secrets(from_file(file_), environment_);
  EXPECT_EQ(value_of(secrets).size(), 64u * 1024);
  write_secret(file_, std::string(64 * 1024 + 1, 'x'));
  EXPECT_THAT(value_of(secrets), HasSubstr("over 64 KiB"));
}

TEST_F(FileSecret, ThatVanishedIsNoLongerLent) {
  write_secret(file_, "revoked");
  Secrets secrets(from_file(file_), environment_);
  EXPECT_EQ(value_of(secrets), "revoked");
  std::filesystem::remove(file_);
  EXPECT_THAT(value_of(secrets), HasSubstr("refused"));
}

TEST(EnvironmentSecret, IsNoLongerInTheProcessEnvironmentThatOthersRead) {
  const auto path_now = [] {
    const std::string all = std::string(1, '\0') + bytes_of("/proc/self/environ");
    const std::string begin = std::string(1, '\0') + "PATH=";
    return all.substr(all.find(begin) + begin.size());
  };
  ASSERT_TRUE(path_now().starts_with("/"));
  const std::string kept = ::getenv("PATH");
  SecretEnvironment environment;
  Secrets secrets(from_variable("PATH"), environment);
  EXPECT_EQ(value_of(secrets), kept);
  EXPECT_EQ(path_now().substr(0, kept.size()), std::string(kept.size(), '\0'));
}

}  // namespace
}  // namespace host
