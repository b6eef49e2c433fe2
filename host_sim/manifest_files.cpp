#include "host_sim/manifest_files.hpp"

#include <sys/stat.h>

#include <map>
#include <utility>

#include "host_sim/file_output_opening.hpp"
#include "host_sim/state_file.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;

// The file behind a path, whichever way it is spelled, as far as it is there already.
fs::path real_place(const fs::path& path) {
  std::error_code unknown;
  fs::path real = fs::weakly_canonical(path, unknown);
  return unknown ? path : real;
}

// Who uses which file.
class FileUsers {
 public:
  // The user before this one, or empty.
  std::string add(const fs::path& path, const std::string& user) {
    std::string before = note(places_, real_place(path), user);
    struct stat about {};
    if (!before.empty() || ::stat(path.c_str(), &about) != 0) return before;
    return note(files_, std::pair(about.st_dev, about.st_ino), user);
  }

 private:
  template <class Users, class Key>
  static std::string note(Users& users, const Key& key, const std::string& user) {
    const auto [known, is_new] = users.emplace(key, user);
    return is_new ? std::string() : known->second;
  }

  std::map<fs::path, std::string> places_;
  std::map<std::pair<dev_t, ino_t>, std::string> files_;
};

std::string taken_text(const std::string& before) {
  return "is the file of " + before + ", too; give each its own";
}

// What is only read. One secret may be given to several pipelines.
void add_read(const CheckedManifest& checked, FileUsers& users) {
  users.add(checked.manifest.file, "this manifest");
  for (const auto& [name, plugin] : checked.plugins) users.add(plugin->file(), "plugin " + name);
  for (const PipelineManifest& pipeline : checked.manifest.pipelines)
    for (const auto& [name, secret] : pipeline.secrets)
      if (secret.kind == SecretReference::Kind::kFile) users.add(secret.location, secret.key_path);
}

// With SQLite's and the lock's files beside it.
void add_state(const Manifest& manifest, FileUsers& users, Mistakes& mistakes) {
  if (manifest.state.empty()) return;
  const auto add = [&](const std::string& ending, const std::string& user,
                       const std::string& beginning) {
    const std::string before = users.add(fs::path(manifest.state) += ending, user);
    if (!before.empty())
      mistakes.add(manifest.state_place, "state", beginning + taken_text(before));
  };
  add("", "state", "");
  for (const std::string ending : {"-wal", "-shm", "-journal", ".lock"})
    add(ending, "state (its " + ending + " file)", "its " + ending + " file ");
  if (const Result<void> place = check_state_place(manifest.state); !place)
    mistakes.add(manifest.state_place, "state", place.error().text);
}

void add_output(const PipelineManifest& pipeline, FileUsers& users, Mistakes& mistakes) {
  if (pipeline.output.path.empty()) return;
  const std::string key_path = pipeline.key_path + ".output.path";
  const std::string before = users.add(pipeline.output.path, key_path);
  if (!before.empty()) mistakes.add(pipeline.output_place, key_path, taken_text(before));
  const Result<void> kind = check_kind(pipeline.output.path);
  if (!kind && kind.error().status == Status::kConfig)
    mistakes.add(pipeline.output_place, key_path, kind.error().text);
}

}  // namespace

// Two writers in one file would each cut the other's records off after a crash, and records in a
// secret or a plugin destroy it.
void check_files(const CheckedManifest& checked, Mistakes& mistakes) {
  FileUsers users;
  add_read(checked, users);
  add_state(checked.manifest, users, mistakes);
  for (const PipelineManifest& pipeline : checked.manifest.pipelines)
    add_output(pipeline, users, mistakes);
}

}  // namespace host
