// Small help with files for tests.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace test_support {

// A fresh folder, removed with all that is in it by the destructor.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// The whole file; empty where there is none.
std::string read_file(const std::filesystem::path& file);
// Its lines without their ends; a last one without an end counts.
std::vector<std::string> read_lines(const std::filesystem::path& file);
// Replaces the file; throws std::runtime_error when that fails.
void write_file(const std::filesystem::path& file, std::string_view text);

}  // namespace test_support
