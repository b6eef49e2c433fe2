// A file that holds one secret, as a secret store or an operator puts it there.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "host_sim/plugin.hpp"

namespace host {

// What tells that a file is another one than before, without reading it.
struct FileIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t size = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;
  bool operator==(const FileIdentity&) const = default;
};

// The bytes of one file, wiped when they go.
class SecretFileBytes {
 public:
  SecretFileBytes() = default;
  ~SecretFileBytes();
  SecretFileBytes(const SecretFileBytes&) = delete;
  SecretFileBytes& operator=(const SecretFileBytes&) = delete;

  // One trailing newline is not part of the secret.
  std::string_view text() const { return {bytes_.data(), size_}; }

  // Reads the regular file that `path` leads to (through links, as mounted secrets have them). AUTH
  // when it cannot be read, belongs to somebody else, can be read by others, is empty or over
  // 64 KiB; the text names the file and the remedy.
  Result<FileIdentity> read(const std::string& path);

 private:
  static constexpr size_t kMost = size_t{64} << 10;
  std::array<char, kMost + 1> bytes_;
  size_t size_ = 0;
};

// The identity alone, by the same rules, or the same error.
Result<FileIdentity> secret_file_identity(const std::string& path);

}  // namespace host
