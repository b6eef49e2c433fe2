#include "host_sim/manifest_files.hpp"

#include <sys/stat.h>

#include <map>
#include <utility>

#include "host_sim/file_output_opening.hpp"

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

// SQLite's and the lock's files beside the state.
void add_state(const fs::path& state, FileUsers& users) {
  users.add(state, "state");
  for (const char* ending : {"-wal", "-shm", "-journal", ".lock"})
    users.add(fs::path(state) += ending, "state (its " + std::string(ending) + " file)");
}

}  // namespace

// Two writers in one file would each cut the other's records off after a crash.
void check_files(const Manifest& manifest, Mistakes& mistakes) {
  FileUsers users;
  users.add(manifest.file, "this manifest");
  if (!manifest.state.empty()) add_state(manifest.state, users);
  for (const PipelineManifest& pipeline : manifest.pipelines) {
    if (pipeline.output.path.empty()) continue;
    const std::string key_path = pipeline.key_path + ".output.path";
    const std::string before = users.add(pipeline.output.path, key_path);
    if (!before.empty())
      mistakes.add(pipeline.output_place, key_path,
                   "is the file of " + before + ", too; give each its own");
    const Result<void> kind = check_kind(pipeline.output.path);
    if (!kind && kind.error().status == Status::kConfig)
      mistakes.add(pipeline.output_place, key_path, kind.error().text);
  }
}

}  // namespace host
