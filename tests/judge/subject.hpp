// What is judged: a plugin file, with the settings and the secrets under which it is to work.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace judge {

// Settings that the plugin must refuse, with the pointers of exactly the mistakes in them.
struct BadSettings {
  std::string settings;
  std::vector<std::string> pointers;
};

// The call that the plugin is in, visible to the parent when the process of a law is gone. Points
// to a literal, which lies at the same place in parent and child.
using CallInProgress = std::atomic<const char*>;

struct Subject {
  std::filesystem::path plugin;
  std::string settings = "{}";
  std::vector<BadSettings> bad_settings;
  std::map<std::string, std::string> secrets;
  std::map<std::string, std::string> properties;  // of the host
  size_t batches = 30;                            // with records, read at most in one go
  uint64_t seed = 1;
  CallInProgress* call = nullptr;
};

}  // namespace judge
