// The manifest: what an operator declares. Parsed and checked as a whole; every mistake is named
// with file, line and key path, all at once.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace host {

// Where something stands in the manifest: `file:line`.
struct Place {
  int line = 0;  // 1-based; 0: nowhere
};

// One mistake: "manifest.yaml:12: pipelines[0].output.path: is missing; give the file to append to"
struct Mistake {
  Place place;
  std::string key_path;
  std::string text;           // what is wrong and the remedy
  std::string pipeline = {};  // the name of the one that it is in; empty: in none that has one
  int pipeline_line = 0;      // where that begins, if several have the name
};

struct SecretReference {
  enum class Kind { kEnvironment, kFile };
  Kind kind;
  std::string location;  // the variable's name, or the absolute path
  Place place;
  std::string key_path;  // "pipelines[0].input.secrets.client_secret"
};

struct OutputSettings {
  enum class Type { kStdout, kFile };
  Type type = Type::kStdout;
  std::filesystem::path path;  // absolute; of a file output
};

struct PipelineManifest {
  std::string name;
  std::string plugin;                 // its name, as describe says it
  std::optional<std::string> sha256;  // the manifest's pin of the plugin file, lower-case hex
  nlohmann::json settings;            // read by the plugin's schema, and valid by it
  std::map<std::string, SecretReference> secrets;
  OutputSettings output;
  Place place;
  std::string key_path;                         // "pipelines[0]"
  Place output_place;                           // of the output's path, or of the output
  std::map<std::string, Place> setting_places;  // JSON pointer ("/actions/0") -> where it stands
  // Top-level settings that the schema refuses or misses; "" where it refuses them as a whole.
  std::set<std::string> wrong_settings;
};

struct Manifest {
  std::filesystem::path file;   // absolute
  std::filesystem::path state;  // absolute
  Place state_place;
  std::optional<std::filesystem::path> plugin_dir;  // absolute
  std::vector<PipelineManifest> pipelines;
};

}  // namespace host
