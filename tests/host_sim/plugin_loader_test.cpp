#include "host_sim/plugin_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "host_sim/commands/describe.hpp"
#include "host_sim/commands/plugins.hpp"
#include "host_sim/plugin_description.hpp"
#include "host_sim/plugin_file.hpp"
#include "tests/support/files.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;
using test_support::write_file;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path kPlugins = TEST_PLUGINS;
const fs::path kRefused = REFUSED_PLUGINS;

std::string refusal(const fs::path& file, const std::optional<std::string>& sha256 = {}) {
  const auto plugin = load_plugin(file, sha256);
  return plugin ? "was loaded" : plugin.error().text;
}

// A folder with a copy of a plugin that is as good as new to the dynamic linker.
class PluginCopy : public testing::Test {
 protected:
  PluginCopy() { fs::copy_file(kPlugins / "typed_settings.so", file_); }
  TemporaryFolder folder_;
  const fs::path file_ = folder_ / "typed_settings.so";
};

TEST(PluginLoader, LoadsAGoodPlugin) {
  const auto plugin = load_plugin(kPlugins / "typed_settings.so");
  ASSERT_TRUE(plugin) << plugin.error().text;
  EXPECT_EQ((*plugin)->name(), "typed_settings");
  EXPECT_EQ((*plugin)->file(), fs::canonical(kPlugins / "typed_settings.so"));
  EXPECT_NE((*plugin)->functions().next_batch, nullptr);
  EXPECT_EQ((*plugin)->functions().check, nullptr);
}

TEST(PluginLoader, ALoadedPluginRuns) {
  const auto plugin = load_plugin(kPlugins / "typed_settings.so");
  ASSERT_TRUE(plugin);
  connector_host services{};
  services.size = sizeof services;
  const auto instance = PluginInstance::make(*plugin, services);
  ASSERT_TRUE(instance);
  ASSERT_TRUE((*instance)->configure(R"({"client_id":"x"})", ""));
  const auto batch = (*instance)->next_batch({});
  ASSERT_TRUE(batch);
  EXPECT_EQ(connector::view(batch->record(0).data), R"({"client_id":"x"})");
}

TEST_F(PluginCopy, OneRealPathIsLoadedOnce) {
  fs::create_symlink(file_, folder_ / "link.so");
  const auto first = load_plugin(file_);
  const auto second = load_plugin(folder_ / "link.so");
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(first->get(), second->get());
}

TEST_F(PluginCopy, ThatOthersCanWriteIsRefused) {
  for (const mode_t mode : {0775, 0757, 0777}) {
    ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
    EXPECT_THAT(refusal(file_), AllOf(HasSubstr("typed_settings.so"), HasSubstr("chmod go-w")));
  }
}

TEST_F(PluginCopy, InAFolderThatOthersCanWriteIsRefused) {
  for (const mode_t mode : {0770, 0777, 01777}) {
    ASSERT_EQ(::chmod(folder_.path().c_str(), mode), 0);
    EXPECT_THAT(refusal(file_),
                AllOf(HasSubstr(folder_.path().string() + " can be"), HasSubstr("chmod go-w")));
  }
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  EXPECT_EQ(refusal(file_), "was loaded");
}

TEST_F(PluginCopy, OfAnotherUserIsRefused) {
  if (::geteuid() != 0 || ::chown(file_.c_str(), 65534, 65534) != 0) return;  // only root can give
  EXPECT_THAT(refusal(file_), HasSubstr("belongs to another user"));
}

TEST_F(PluginCopy, InAFolderOfAnotherUserIsRefused) {
  if (::geteuid() != 0 || ::chown(folder_.path().c_str(), 65534, 65534) != 0) return;  // only root
  EXPECT_THAT(refusal(file_), AllOf(HasSubstr(folder_.path().string() + " belongs"),
                                    HasSubstr("belongs to another user")));
}

// A link is only a way to a file: each time the file at its end is checked, and its folder.
TEST_F(PluginCopy, BehindALinkThatIsTurnedElsewhereIsCheckedAnew) {
  const TemporaryFolder others;
  fs::copy_file(file_, others / "typed_settings.so");
  const fs::path link = folder_ / "link.so";
  fs::create_symlink(file_, link);
  EXPECT_EQ(refusal(link), "was loaded");
  ASSERT_EQ(::chmod((others / "typed_settings.so").c_str(), 0666), 0);
  fs::remove(link);
  fs::create_symlink(others / "typed_settings.so", link);
  EXPECT_THAT(refusal(link), HasSubstr((others / "typed_settings.so").string() + " can be"));
  ASSERT_EQ(::chmod((others / "typed_settings.so").c_str(), 0644), 0);
  ASSERT_EQ(::chmod(others.path().c_str(), 0777), 0);
  EXPECT_THAT(refusal(link), HasSubstr(others.path().string() + " can be"));
  fs::remove(link);
  fs::create_symlink(link, link);
  EXPECT_THAT(refusal(link), HasSubstr("cannot be used"));
}

TEST_F(PluginCopy, ThatIsPinnedMustBeTheVeryFile) {
  const auto file = PluginFile::open(fs::canonical(file_));
  ASSERT_TRUE(file);
  const std::string right = *file->sha256();
  const std::string wrong(64, '0');
  EXPECT_THAT(refusal(file_, wrong), AllOf(HasSubstr(right), HasSubstr(wrong)));
  EXPECT_EQ(refusal(file_, right), "was loaded");
  EXPECT_THAT(refusal(file_, wrong), HasSubstr(wrong));  // what is loaded is held against it, too
}

// It was loaded without a pin, so that what was loaded is hashed only now.
TEST_F(PluginCopy, ThatIsPinnedLaterMustNotHaveChangedSince) {
  const std::string right = *PluginFile::open(fs::canonical(file_))->sha256();
  EXPECT_EQ(refusal(file_), "was loaded");
  fs::copy_file(file_, folder_ / "new");
  fs::rename(folder_ / "new", file_);
  EXPECT_THAT(refusal(file_, right), HasSubstr("it was changed while it was loaded"));
}

TEST_F(PluginCopy, AChangeAfterHashingIsNoticed) {
  const auto file = PluginFile::open(fs::canonical(file_));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->unchanged());
  fs::copy_file(file_, folder_ / "new");
  fs::rename(folder_ / "new", file_);
  EXPECT_FALSE(file->unchanged());
}

TEST(PluginFileHash, IsTheKnownOne) {
  TemporaryFolder folder;
  write_file(folder / "abc", "abc");
  const auto file = PluginFile::open(fs::canonical(folder / "abc"));
  ASSERT_TRUE(file);
  EXPECT_EQ(*file->sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(PluginLoader, RefusesWithTheReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"major_too_high", "it needs version 2.0 of the plugin ABI, this host has 1.0"},
      {"minor_too_high", "it needs version 1.1 of the plugin ABI, this host has 1.0"},
      {"unresolved", "function_that_is_nowhere); install the libraries that it needs, or build"},
      {"described_by_no_json", "it is no JSON object"},
      {"described_by_nothing", "it is empty; mend what the plugin's"},
  };
  for (const auto& [name, reason] : cases)
    EXPECT_THAT(refusal(kRefused / (std::string(name) + ".so")),
                AllOf(HasSubstr(std::string(name) + ".so cannot be used: "), HasSubstr(reason)));
}

TEST(PluginLoader, RefusesWhatIsNoPluginFile) {
  TemporaryFolder folder;
  write_file(folder / "text.so", std::string(4096, 'x'));
  write_file(folder / "empty.so", "");
  fs::create_directory(folder / "folder.so");
  ASSERT_EQ(::mkfifo((folder / "fifo.so").c_str(), 0600), 0);
  EXPECT_THAT(refusal(folder / "text.so"), HasSubstr("is no shared object"));
  EXPECT_THAT(refusal(folder / "empty.so"), HasSubstr("is no shared object"));
  EXPECT_THAT(refusal(folder / "folder.so"), HasSubstr("no regular file"));
  EXPECT_THAT(refusal(folder / "fifo.so"), HasSubstr("no regular file"));
  EXPECT_THAT(refusal(folder / "missing.so"), HasSubstr("directory; name a plugin's .so file"));
}

// The linker alone would map it, and the process die of that.
TEST_F(PluginCopy, OfWhichAPartIsMissingIsRefused) {
  const auto whole = fs::file_size(file_);
  for (uintmax_t size = whole / 2; size > 64; size /= 2) {
    fs::resize_file(file_, size);
    EXPECT_THAT(refusal(file_), HasSubstr("is incomplete (" + std::to_string(size) + " bytes"));
  }
}

TEST_F(PluginCopy, UnderAnotherNameIsRefused) {
  fs::rename(file_, folder_ / "other.so");
  EXPECT_THAT(refusal(folder_ / "other.so"),
              HasSubstr("calls itself typed_settings, its file other.so; give the file the "));
}

TEST_F(PluginCopy, IsFoundInTheFirstFolderThatHasIt) {
  EXPECT_EQ(*find_plugin("typed_settings", {folder_ / "none", folder_.path(), kPlugins}), file_);
  EXPECT_EQ(*find_plugin(file_.string(), {}), file_);
  const auto missing = find_plugin("nothing", {folder_.path(), "/one", "/two"});
  EXPECT_THAT(missing.error().text,
              AllOf(HasSubstr(folder_.path().string() + ", /one, /two;"), HasSubstr("nothing.so")));
  EXPECT_FALSE(find_plugin("./nothing", {}));
}

TEST(PluginFolders, AreInTheDocumentedOrder) {
  ::setenv("CONNECTOR_PLUGIN_PATH", "/env1::/env2:", 1);
  const std::vector<fs::path> folders = plugin_folders({"/cli1", "/cli2"}, "/manifest");
  ::unsetenv("CONNECTOR_PLUGIN_PATH");
  const fs::path prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  EXPECT_THAT(folders, ElementsAre("/cli1", "/cli2", "/env1", "/env2", "/manifest",
                                   prefix / "plugins", prefix / "lib/connector/plugins"));
}

TEST(PluginDescription, MustBeOfTheDocumentedForm) {
  const auto judged = [](const std::string& text) {
    const auto result = read_description(connector::text(text), "p");
    return result ? "fine" : result.error().text;
  };
  const std::string head = R"({"name":"p","version":"1","summary":"s","settings":{})";
  EXPECT_EQ(judged(head + "}"), "fine");
  EXPECT_EQ(judged(head + R"(,"secrets":[{"name":"a","description":"d","required":false}],)"
                          R"("pace_key":["a"],"preview":{},"build":{"x":"1"},"more":1})"),
            "fine");
  for (const auto& [text, reason] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "no JSON object"},
           {"{", "no JSON object"},
           {head + R"(,"x":"\xff"})", "no JSON object"},
           {head + R"(,"x":)" + std::string(70, '[') + std::string(70, ']') + "}", "64 levels"},
           {std::string(1 << 20, ' ') + "{}", "over 1 MiB"},
           {R"({"version":"1","summary":"s","settings":{}})", "name must be"},
           {R"({"name":"p","version":1,"summary":"s","settings":{}})", "version must be"},
           {R"({"name":"p","version":"1","summary":"a\nb","settings":{}})", "summary must be"},
           {R"({"name":"p","version":"1","summary":"s","settings":[]})", "settings must be"},
           {R"({"name":"q","version":"1","summary":"s","settings":{}})", "calls itself q"},
           {head + R"(,"secrets":["a"]})", "secrets must be"},
           {head + R"(,"secrets":[{"name":"a","required":"yes"}]})", "secrets must be"},
           {head + R"(,"pace_key":[1]})", "pace_key must be"},
           {head + R"(,"preview":[]})", "preview must be"},
           {head + R"(,"build":"x"})", "build must be"}})
    EXPECT_THAT(judged(text), HasSubstr(reason));
  EXPECT_FALSE(read_description({}, "p"));
}

class Commands : public testing::Test {
 protected:
  int run(int (*command)(const CommandLine&, const commands::Context&), CommandLine line) {
    return command(line, {clock_, *log_, environment_, in_, out_, err_});
  }

  SystemClock clock_;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
  SecretEnvironment environment_;
  std::unique_ptr<Log> log_ = make_log(clock_, LogLevel::kInfo, LogFormat::kText, err_);
};

TEST_F(Commands, DescribePrintsThePluginsDescription) {
  CommandLine line;
  line.plugin_dirs = {kPlugins};
  line.plugin = "typed_settings";
  EXPECT_EQ(run(commands::describe, line), kExitDone);
  EXPECT_EQ(nlohmann::json::parse(out_.str()).at("version"), "1.2.3");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(Commands, DescribeOfNoPluginIsAUsageError) {
  CommandLine line;
  line.plugin = "nothing";
  EXPECT_EQ(run(commands::describe, line), kExitUsage);
  EXPECT_EQ(out_.str(), "");
  EXPECT_THAT(err_.str(), HasSubstr("there is no plugin nothing"));
}

TEST_F(Commands, PluginsListsTheUsableTheHiddenAndTheRefused) {
  TemporaryFolder folder;
  fs::copy_file(kPlugins / "typed_settings.so", folder / "typed_settings.so");
  CommandLine line;
  line.plugin_dirs = {kPlugins, folder.path(), kRefused};
  EXPECT_EQ(run(commands::plugins, line), kExitDone);
  const std::string used = (kPlugins / "typed_settings.so").string();
  EXPECT_THAT(out_.str(),
              HasSubstr("typed_settings  1.2.3  A setting of every type  " + used + "\n"));
  EXPECT_THAT(out_.str(), HasSubstr((folder / "typed_settings.so").string() +
                                    "  (not used: an earlier folder has one of this name)\n"));
  EXPECT_THAT(out_.str(), HasSubstr("without_cancel  refused: "));
}

// Whoever may put a file there is not to write on the terminal.
TEST_F(Commands, AFilesNameIsOneLine) {
  TemporaryFolder folder;
  write_file(folder / "a\n\x1b[31mb.so", "no plugin");
  CommandLine line;
  line.plugin_dirs = {folder.path()};
  EXPECT_EQ(run(commands::plugins, line), kExitDone);
  EXPECT_THAT(out_.str(),
              testing::StartsWith("a  [31mb  refused: " + (folder / "a  [31mb.so").string() +
                                  " is no shared object; "));
  line.plugin = (folder / "a\n\x1b[31mb.so").string();
  EXPECT_EQ(run(commands::describe, line), kExitUsage);
  EXPECT_EQ(err_.str().find_first_of("\n\x1b"), err_.str().size() - 1);
  EXPECT_THAT(err_.str(), HasSubstr("is no shared object; name a plugin's .so file"));
}

}  // namespace
}  // namespace host
