// Which file something is, whatever name leads to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace host {

struct FileId {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t born_ns = 0;  // inodes are given out again; 0 where the file system does not know it
  bool operator==(const FileId&) const = default;
};

// Nothing where there is none.
std::optional<FileId> file_id(const std::filesystem::path& path);
std::optional<FileId> file_id(int descriptor);

}  // namespace host
