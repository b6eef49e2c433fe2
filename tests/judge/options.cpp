#include "tests/judge/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/judge/laws/laws.hpp"

namespace judge {
namespace {

using nlohmann::json;

constexpr const char* kAbout =
    "Judges an input plugin by the laws of connector_plugin.h, each in a process of its own.\n"
    "It reads through the plugin for real, so it needs settings under which there are records;\n"
    "it steps its own clock over every wait, and so never waits for a pace. A wrong secret is\n"
    "tried twice on purpose, to see whether it shows in an error.\n";
constexpr const char* kExits =
    "\nExit status: 0 every law is kept, 1 one is broken, 2 wrong usage.\n"
    "Example:\n"
    "  plugin_judge build/release/plugins/my_input.so --settings my_settings.json \\\n"
    "    --secret api_key=MY_API_KEY";

struct Raw {
  std::string plugin, settings_file, bad_settings_file;
  std::vector<std::string> secrets;
  std::vector<std::string> properties;
};

json read_json(const std::string& file) {
  std::ifstream in(file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) throw CLI::ValidationError(file, "is not valid JSON");
  return value;
}

std::string read_settings(const std::string& file) {
  const json settings = read_json(file);
  if (!settings.is_object())
    throw CLI::ValidationError("--settings", file + " holds no JSON object");
  return settings.dump();
}

std::vector<BadSettings> read_bad_settings(const std::string& file) {
  std::vector<BadSettings> all;
  try {
    for (const json& entry : read_json(file))
      all.push_back({entry.at("settings").dump(), entry.at("mistakes")});
  } catch (const json::exception&) {
    throw CLI::ValidationError("--bad-settings",
                               file +
                                   " is no array of {\"settings\": {...}, \"mistakes\": "
                                   "[\"/pointer\", ...]}");
  }
  return all;
}

std::pair<std::string, std::string> read_secret(const std::string& argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0)
    throw CLI::ValidationError("--secret", argument + " is not NAME=VARIABLE");
  const std::string variable = argument.substr(equals + 1);
  const char* value = std::getenv(variable.c_str());
  if (!value || !*value)
    throw CLI::ValidationError("--secret", "the environment has no variable " + variable);
  return {argument.substr(0, equals), value};
}

std::pair<std::string, std::string> read_property(const std::string& argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0)
    throw CLI::ValidationError("--property", argument + " is not NAME=VALUE");
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

Subject read_subject(const Raw& raw) {
  Subject subject;
  subject.plugin = std::filesystem::canonical(raw.plugin);
  if (!raw.settings_file.empty()) subject.settings = read_settings(raw.settings_file);
  if (!raw.bad_settings_file.empty())
    subject.bad_settings = read_bad_settings(raw.bad_settings_file);
  for (const std::string& argument : raw.properties)
    subject.properties.insert(read_property(argument));
  for (const std::string& argument : raw.secrets) {
    const auto secret = read_secret(argument);
    if (subject.settings.find(secret.second) != std::string::npos)
      throw CLI::ValidationError("--secret", "the value of " + secret.first +
                                                 " stands in the settings as well, so a leak could "
                                                 "not be told from a setting; use another");
    subject.secrets.insert(secret);
  }
  return subject;
}

std::string list_of_laws() {
  std::string text = "\nThe laws:\n";
  for (const Law& law : laws()) {
    std::string name = law.name;
    name.resize(19, ' ');
    text += "  " + name + law.summary + "\n";
  }
  return text;
}

}  // namespace

std::variant<Options, int> read_options(int argc, char** argv) {
  Options options;
  Raw raw;
  CLI::App app(kAbout, "plugin_judge");
  app.footer(list_of_laws() + kExits);
  app.add_option("PLUGIN", raw.plugin, "The plugin's file")->required()->check(CLI::ExistingFile);
  app.add_option("--settings", raw.settings_file, "JSON object of settings; {} when left out")
      ->check(CLI::ExistingFile);
  app.add_option("--bad-settings", raw.bad_settings_file,
                 "JSON array of settings that the plugin must refuse: "
                 "[{\"settings\": {...}, \"mistakes\": [\"/pointer\", ...]}]")
      ->check(CLI::ExistingFile);
  app.add_option("--secret", raw.secrets,
                 "NAME=VARIABLE: a secret, from the environment; may be given again")
      ->allow_extra_args(false);
  app.add_option("--property", raw.properties,
                 "NAME=VALUE: a property of the host, such as ca_bundle=FILE; may be given again")
      ->allow_extra_args(false);
  std::vector<std::string> names;
  for (const Law& law : laws()) names.emplace_back(law.name);
  app.add_option("--test", options.laws, "Only this law; may be given again")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(names));
  app.add_option("--batches", options.subject.batches, "Batches with records read in one go")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--seed", options.subject.seed, "Of every random choice")->capture_default_str();
  app.add_option("--limit", options.limit_seconds, "Seconds until a law counts as hanging")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  app.add_flag("--json", options.json, "One JSON object in place of lines");
  try {
    app.parse(argc, argv);
    Subject subject = read_subject(raw);
    subject.batches = options.subject.batches;
    subject.seed = options.subject.seed;
    options.subject = std::move(subject);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
  }
  return options;
}

}  // namespace judge
