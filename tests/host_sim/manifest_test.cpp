// Manifests as numbered files, with what is said of each beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "host_sim/manifest_reader.hpp"
#include "host_sim/yaml_tree.hpp"
#include "tests/support/files.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test_support::TemporaryFolder;
using test_support::write_file;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path kFixtures = MANIFEST_FIXTURES;

std::variant<CheckedManifest, std::vector<Mistake>> read(const fs::path& file) {
  return read_manifest(file, {TEST_PLUGINS});
}

// "LINE KEY PATH: TEXT", with the machine's own folders taken out.
std::vector<std::string> lines_of(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> lines;
  for (const Mistake& mistake : mistakes) {
    std::string line = std::to_string(mistake.place.line) + " " +
                       (mistake.key_path.empty() ? "" : mistake.key_path + ": ") + mistake.text;
    const size_t searched = line.find(".so) in ");
    if (searched != std::string::npos)
      line.replace(searched + 8, line.find(';', searched) - searched - 8, "FOLDERS");
    const size_t here = line.find(kFixtures.string());
    if (here != std::string::npos) line.replace(here, kFixtures.string().size(), "HERE");
    lines.push_back(line);
  }
  return lines;
}

// Empty when the manifest is right.
std::vector<std::string> mistakes_in(const fs::path& file) {
  const auto result = read(file);
  const auto* mistakes = std::get_if<std::vector<Mistake>>(&result);
  return mistakes ? lines_of(*mistakes) : std::vector<std::string>();
}

std::set<fs::path> files_with(const std::string& extension) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kFixtures))
    if (entry.path().extension() == extension) files.insert(entry.path());
  return files;
}

TEST(Manifest, EveryFixtureIsJudgedAsTheFileBesideItSays) {
  const std::set<fs::path> manifests = files_with(".yaml");
  EXPECT_GE(manifests.size(), 20u);
  EXPECT_EQ(manifests.size(), files_with(".txt").size());
  for (const fs::path& manifest : manifests) {
    const fs::path expected = fs::path(manifest).replace_extension(".txt");
    EXPECT_EQ(mistakes_in(manifest), test_support::read_lines(expected)) << manifest.filename();
  }
}

class WrittenManifest : public testing::Test {
 protected:
  std::vector<std::string> mistakes(const std::string& text) {
    write_file(file_, text);
    return mistakes_in(file_);
  }
  CheckedManifest checked(const std::string& text) {
    write_file(file_, text);
    auto result = read(file_);
    if (const auto* mistakes = std::get_if<std::vector<Mistake>>(&result)) {
      ADD_FAILURE() << testing::PrintToString(lines_of(*mistakes));
      return {};
    }
    return std::get<CheckedManifest>(std::move(result));
  }
  static std::string one_pipeline(const std::string& settings = "{client_id: x}") {
    return "version: 1\nstate: state/host.db\npipelines:\n  - name: one\n    input:\n"
           "      plugin: typed_settings\n      settings: " +
           settings +
           "\n      secrets: {client_secret: {env: SECRET}, proxy_password: {file: keys/p}}\n"
           "    output: {type: file, path: out/../out/one.ndjson}\n";
  }

  TemporaryFolder folder_;
  const fs::path file_ = folder_ / "host.yaml";
};

TEST_F(WrittenManifest, IsReadWithEveryPathRelativeToIt) {
  const CheckedManifest result = checked(one_pipeline());
  EXPECT_EQ(result.manifest.file, file_);
  EXPECT_EQ(result.manifest.state, folder_ / "state/host.db");
  ASSERT_EQ(result.manifest.pipelines.size(), 1u);
  const PipelineManifest& pipeline = result.manifest.pipelines[0];
  EXPECT_EQ(pipeline.name, "one");
  EXPECT_EQ(pipeline.plugin, "typed_settings");
  EXPECT_EQ(pipeline.output.type, OutputSettings::Type::kFile);
  EXPECT_EQ(pipeline.output.path, folder_ / "out/one.ndjson");
  const SecretReference& secret = pipeline.secrets.at("client_secret");
  EXPECT_EQ(secret.kind, SecretReference::Kind::kEnvironment);
  EXPECT_EQ(secret.location, "SECRET");
  EXPECT_EQ(secret.place.line, 8);
  EXPECT_EQ(secret.key_path, "pipelines[0].input.secrets.client_secret");
  EXPECT_EQ(pipeline.secrets.at("proxy_password").location, folder_ / "keys/p");
  EXPECT_EQ(result.plugins.at("typed_settings")->name(), "typed_settings");
}

TEST_F(WrittenManifest, HasItsSettingsAsTheSchemaMeansThem) {
  const CheckedManifest result = checked(one_pipeline(
      "{client_id: 00123, repository_id: 007, rate: 0.3, count: 5, enabled: true, actions: "
      "[closed], labels: {version: 1.10}, start: 2024-01-15T00:00:00Z, interval: 60s}"));
  ASSERT_EQ(result.manifest.pipelines.size(), 1u);
  EXPECT_EQ(result.manifest.pipelines[0].settings,
            json::parse(R"({"client_id":"00123","repository_id":"007","rate":0.3,"count":5,
                            "enabled":true,"actions":["closed"],"labels":{"version":"1.10"},
                            "start":"2024-01-15T00:00:00Z","interval":"60s"})"));
}

TEST_F(WrittenManifest, AnAliasIsAsGoodAsTheText) {
  const CheckedManifest result = checked(
      "version: 1\nstate: s.db\npipelines:\n"
      "  - name: a\n    input: &shared\n      plugin: typed_settings\n"
      "      settings: {client_id: x}\n      secrets: {client_secret: {env: SECRET}}\n"
      "    output: {type: stdout}\n"
      "  - {name: b, input: *shared, output: {type: stdout}}\n");
  ASSERT_EQ(result.manifest.pipelines.size(), 2u);
  EXPECT_EQ(result.manifest.pipelines[1].settings, json::parse(R"({"client_id":"x"})"));
}

TEST_F(WrittenManifest, APluginWhoseSchemaIsNoneIsAMistakeAtItsLine) {
  write_file(file_,
             "version: 1\nstate: s.db\npipelines:\n  - name: one\n    input:\n"
             "      plugin: wrong_schema\n    output: {type: stdout}\n");
  const auto result = read_manifest(file_, {REFUSED_PLUGINS});
  ASSERT_TRUE(std::holds_alternative<std::vector<Mistake>>(result));
  EXPECT_THAT(lines_of(std::get<std::vector<Mistake>>(result)),
              ElementsAre(testing::AllOf(HasSubstr("6 pipelines[0].input.plugin: "),
                                         HasSubstr("its settings schema is wrong"))));
}

TEST_F(WrittenManifest, APluginMayBeGivenAsAFileAndPinned) {
  fs::copy_file(fs::path(TEST_PLUGINS) / "typed_settings.so", folder_ / "typed_settings.so");
  std::string text = one_pipeline();
  const std::string plugin = "plugin: typed_settings";
  text.replace(text.find(plugin), plugin.size(), "plugin: ./typed_settings.so");
  const CheckedManifest result = checked(text);
  ASSERT_EQ(result.manifest.pipelines.size(), 1u);
  EXPECT_EQ(result.manifest.pipelines[0].plugin, "typed_settings");
  EXPECT_EQ(result.plugins.at("typed_settings")->file(),
            fs::canonical(folder_ / "typed_settings.so"));
  text.replace(text.find("      settings"), 0, "      sha256: " + std::string(64, 'A') + "\n");
  EXPECT_THAT(mistakes(text),
              ElementsAre(HasSubstr("the manifest demands " + std::string(64, 'a'))));
}

// One that hangs takes its time at each look.
TEST_F(WrittenManifest, HasAPluginsFileLoadedOnceByWhateverName) {
  fs::copy_file(fs::path(TEST_PLUGINS) / "typed_settings.so", folder_ / "typed_settings.so");
  fs::create_symlink("typed_settings.so", folder_ / "another.so");
  std::string pipelines = "version: 1\nstate: host.db\nplugin_dir: .\npipelines:\n";
  for (const std::string name :
       {"typed_settings", "typed_settings", "./typed_settings.so", "another", "./another.so"})
    pipelines += " - {input: {plugin: " + name + "}}\n";
  write_file(file_, pipelines);
  std::vector<fs::path> loaded;
  const auto result = read_manifest(file_, {}, {}, [&loaded](const fs::path& file, const auto&) {
    loaded.push_back(file);
    return Error{Status::kConfig, "hangs"};
  });
  EXPECT_THAT(loaded, ElementsAre(folder_ / "typed_settings.so"));
  ASSERT_TRUE(std::holds_alternative<std::vector<Mistake>>(result));
  EXPECT_EQ(std::ranges::count(std::get<std::vector<Mistake>>(result), "hangs", &Mistake::text), 5);
}

TEST_F(WrittenManifest, TwoSpellingsOfOneFileAreOneFile) {
  fs::create_directory_symlink(folder_.path(), folder_ / "link");
  const std::string input =
      "input: {plugin: typed_settings, settings: {client_id: x}, secrets: {client_secret: {env: "
      "SECRET}}}, output: {type: file, path: ";
  EXPECT_THAT(mistakes("version: 1\nstate: s.db\npipelines:\n  - {name: a, " + input +
                       "x.ndjson}}\n  - {name: b, " + input + "link/./x.ndjson}}\n"),
              ElementsAre("5 pipelines[1].output.path: is the file of pipelines[0].output.path, "
                          "too; give each its own"));
}

TEST_F(WrittenManifest, ThatCannotBeReadSaysWhy) {
  EXPECT_THAT(mistakes_in(folder_ / "missing.yaml"),
              ElementsAre("0 cannot be read: No such file or directory; name a readable file"));
  EXPECT_THAT(mistakes_in(folder_.path()),
              ElementsAre("0 cannot be read: Is a directory; name a readable file"));
}

TEST_F(WrittenManifest, HasCapsThatNoHonestOneMeets) {
  EXPECT_THAT(mistakes(std::string((4 << 20) + 1, '#')),
              ElementsAre("0 is over 4 MiB; split it into several manifests"));
  EXPECT_THAT(mistakes("a: " + std::string(8 * 1024 + 1, 'x')),
              ElementsAre(HasSubstr("1 this text is over 8 KiB")));
  EXPECT_THAT(mistakes("a: " + std::string(33, '[') + std::string(33, ']')),
              ElementsAre(HasSubstr("1 this lies deeper than 32 levels")));
  EXPECT_THAT(mistakes("a: " + std::string(500'000, '[')),
              ElementsAre(HasSubstr("1 this lies deeper than 32 levels")));
  std::string bomb = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string inner = "*l" + std::to_string(i - 1);
    bomb += "l" + std::to_string(i) + ": &l" + std::to_string(i) + " [" + inner;
    for (int j = 0; j < 9; ++j) bomb += ", " + inner;
    bomb += "]\n";
  }
  EXPECT_THAT(mistakes(bomb), ElementsAre(HasSubstr("6 with its aliases written out")));
  std::string echo = "- &t " + std::string(8000, 'x') + "\n";
  for (int i = 0; i < 100'000; ++i) echo += "- *t\n";
  EXPECT_THAT(mistakes(echo), ElementsAre("525 with its aliases written out this has over 4 MiB of "
                                          "text; split it"));
  EXPECT_THAT(mistakes("a: \xff\n"), ElementsAre(HasSubstr("is not UTF-8 text")));
}

// A hard link is the same file, and SQLite writes to more than the one that is named.
TEST_F(WrittenManifest, GivesEachFileToOneUserByWhateverName) {
  write_file(folder_ / "a", "");
  write_file(folder_ / "s.db", "");
  fs::create_hard_link(folder_ / "a", folder_ / "b");
  fs::create_hard_link(folder_ / "s.db", folder_ / "c");
  std::string text = "version: 1\nstate: s.db\npipelines:\n";
  for (const char* path : {"a", "b", "c", "s.db-wal", "s.db-shm", "s.db-journal", "s.db.lock"})
    text += "  - {name: p-" + std::string(path) +
            ", input: {plugin: typed_settings, settings: {client_id: x}, secrets: {client_secret: "
            "{env: SECRET}}}, output: {type: file, path: " +
            path + "}}\n";
  const auto at = [](int i, const std::string& user) {
    return std::to_string(4 + i) + " pipelines[" + std::to_string(i) +
           "].output.path: is the file of " + user + ", too; give each its own";
  };
  EXPECT_THAT(mistakes(text),
              ElementsAre(at(1, "pipelines[0].output.path"), at(2, "state"),
                          at(3, "state (its -wal file)"), at(4, "state (its -shm file)"),
                          at(5, "state (its -journal file)"), at(6, "state (its .lock file)")));
}

// Which the host only reads, and what it writes would destroy.
TEST_F(WrittenManifest, WritesToNoSecretAndNoPlugin) {
  write_file(folder_ / "secret", "s3cret");
  fs::copy(fs::path(TEST_PLUGINS) / "typed_settings.so", folder_ / "typed_settings.so");
  fs::create_directory_symlink(folder_.path(), folder_ / "link");
  const auto manifest = [](const std::string& state, const std::string& output) {
    return "version: 1\nstate: " + state +
           "\npipelines:\n  - {name: a, input: {plugin: ./typed_settings.so, settings: {client_id: "
           "x}, secrets: {client_secret: {file: secret}}}, output: {type: file, path: " +
           output + "}}\n";
  };
  const std::string ends = ", too; give each its own";
  const std::string secret = "is the file of pipelines[0].input.secrets.client_secret" + ends;
  const std::string plugin = "is the file of plugin typed_settings" + ends;
  for (const char* folder : {"", "link/"}) {
    const std::string in = folder;
    EXPECT_THAT(mistakes(manifest("s.db", in + "secret")),
                ElementsAre("4 pipelines[0].output.path: " + secret));
    EXPECT_THAT(mistakes(manifest("s.db", in + "typed_settings.so")),
                ElementsAre("4 pipelines[0].output.path: " + plugin));
    EXPECT_THAT(mistakes(manifest(in + "secret", "o")), ElementsAre("2 state: " + secret));
    EXPECT_THAT(mistakes(manifest(in + "typed_settings.so", "o")),
                ElementsAre("2 state: " + plugin));
  }
  fs::create_hard_link(folder_ / "secret", folder_ / "s.db-wal");
  EXPECT_THAT(mistakes(manifest("s.db", "o")), ElementsAre("2 state: its -wal file " + secret));
  EXPECT_THAT(mistakes(manifest("t.db", "o")), ElementsAre());
}

TEST_F(WrittenManifest, HasOutputsThatAreFilesOrNotThereYet) {
  fs::create_directories(folder_ / "out/one.ndjson");
  EXPECT_THAT(mistakes(one_pipeline()),
              ElementsAre("9 pipelines[0].output.path: " + (folder_ / "out/one.ndjson").string() +
                          ": is a folder; an output is a regular file, give its own path"));
  fs::remove(folder_ / "out/one.ndjson");
  fs::create_symlink("elsewhere", folder_ / "out/one.ndjson");
  EXPECT_THAT(mistakes(one_pipeline()), ElementsAre(HasSubstr("one.ndjson: is a link; ")));
}

// Such a manifest is wrong all the same, but not for its size.
TEST(YamlTree, TakesWhatIsJustWithinTheCaps) {
  const auto is_read = [](const std::string& text) {
    return std::holds_alternative<YamlNode>(parse_yaml(text));
  };
  const std::string entry = "- x\n";
  std::string most;
  while (most.size() < (kMostYamlNodes - 1) * entry.size()) most += entry;
  EXPECT_TRUE(is_read(most));
  EXPECT_FALSE(is_read(most + entry));
  EXPECT_TRUE(is_read("a: b\n" + std::string(kMostYamlBytes - 5, '#')));
  EXPECT_TRUE(is_read("a: " + std::string(kMostScalarBytes, 'x')));
  EXPECT_TRUE(is_read(std::string(32, '[') + std::string(32, ']')));
  EXPECT_FALSE(is_read(std::string(33, '[') + std::string(33, ']')));
}

TEST_F(WrittenManifest, WithThousandsOfPipelinesIsReadOnce) {
  std::string text = "version: 1\nstate: s.db\npipelines:\n";
  for (int i = 0; i < 3000; ++i)
    text += "  - {name: p" + std::to_string(i) +
            ", input: {plugin: typed_settings, settings: {client_id: x}, secrets: {client_secret: "
            "{env: SECRET}}}, output: {type: file, path: o/" +
            std::to_string(i) + "}}\n";
  EXPECT_EQ(checked(text).manifest.pipelines.size(), 3000u);
}

TEST_F(WrittenManifest, NeverHasASecretQuotedBackAtIt) {
  const std::string secret = "hunter2SECRET";
  const std::string head =
      "version: 1\nstate: s.db\npipelines:\n  - name: one\n    output: {type: "
      "stdout}\n    input:\n      plugin: typed_settings\n";
  const std::vector<std::string> inputs = {
      "      secrets: {client_secret: " + secret + "}\n",
      "      secrets: {client_secret: {value: " + secret + "}}\n",
      "      secrets: {client_secret: {env: \"" + secret + " \"}}\n",
      "      secrets: {client_secret: [" + secret + "]}\n",
      "      secrets: " + secret + "\n",
      "      secrets: {" + secret + ": {env: A}}\n",
      "      secrets: {" + secret + ": {env: A}, " + secret + ": 1}\n",
      "      settings: {client_id: x, client_secret: " + secret + "}\n",
      "      settings: {region: " + secret + ", interval: " + secret + ", rate: " + secret + "}\n",
      "      settings: " + secret + "\n",
  };
  for (const std::string& input : inputs) {
    const std::vector<std::string> said = mistakes(head + input);
    EXPECT_FALSE(said.empty()) << input;
    for (const std::string& line : said) EXPECT_THAT(line, testing::Not(HasSubstr(secret)));
  }
}

TEST(ConfigMistakes, StandAtTheSettingsLines) {
  PipelineManifest pipeline;
  pipeline.key_path = "pipelines[2]";
  pipeline.setting_places = {{"", {4}}, {"/actions", {6}}, {"/actions/0", {7}}};
  const auto mistakes = config_mistakes(
      pipeline,
      "/actions/0: no such action\n/region: unknown\nplain text: with colon\n: all\n/a~9: odd");
  EXPECT_THAT(
      lines_of(mistakes),
      ElementsAre("7 pipelines[2].input.settings.actions[0]: no such action",
                  "4 pipelines[2].input.settings.region: unknown",
                  "4 pipelines[2].input.settings: plain text: with colon",
                  "4 pipelines[2].input.settings: all", "4 pipelines[2].input.settings: odd"));
  EXPECT_TRUE(config_mistakes(pipeline, "").empty());
}

}  // namespace
}  // namespace host
