// A plugin's file before anything of it runs: whose it is, who can write it, and its SHA-256 where
// that is asked for.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "host_sim/descriptor.hpp"
#include "host_sim/plugin.hpp"

namespace host {

class PluginFile {
 public:
  // Refuses a file or a folder that somebody else than root and the user can write, and what is no
  // regular file. `path` is a real path.
  static Result<PluginFile> open(const std::filesystem::path& path);

  // CONFIG when it cannot be read.
  Result<std::string> sha256() const;
  // Refuses what is no shared object, and one of which a part is missing.
  Result<void> whole() const;
  // Refuses what lacks one of the functions, without loading it.
  Result<void> exports(const std::vector<std::string>& functions) const;

  // Whether what the path leads to now is what was opened: same file, and nobody wrote to it. Asked
  // again after loading, for a dynamic linker opens the path itself.
  bool unchanged() const;

 private:
  PluginFile(std::filesystem::path path, Descriptor file, const struct stat& status);

  std::filesystem::path path_;
  Descriptor file_;  // keeps the inode's number from being used again
  struct stat status_;
};

}  // namespace host
