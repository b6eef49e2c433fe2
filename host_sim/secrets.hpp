// Secrets: read from the environment (then overwritten in place) or from a file of mode 0600, kept
// in locked memory that is wiped, and never logged.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "host_sim/manifest.hpp"
#include "host_sim/plugin.hpp"

namespace host {

// One value that an acquirer keeps alive while it looks at it; wiped when the last one lets go.
struct SecretValue {
  std::string text;
  uint64_t generation = 0;
  ~SecretValue();
};

// The secrets of one pipeline. Any thread.
class Secrets {
 public:
  // Takes environment variables into memory at once and removes them from the environment; two
  // pipelines may name the same variable.
  explicit Secrets(std::map<std::string, SecretReference> references);

  // The value now: a file is read again when it changed, which gives it a new generation. One
  // trailing newline is dropped. The error names the variable or the file and the remedy.
  Result<std::shared_ptr<const SecretValue>> acquire(const std::string& name);

  // Every problem that can be seen now (missing variable, unreadable file, mode not 0600), as
  // mistakes at the manifest's lines.
  std::vector<Mistake> problems();

 private:
  std::mutex mutex_;
  std::map<std::string, SecretReference> references_;
  std::map<std::string, std::shared_ptr<const SecretValue>> values_;
};

}  // namespace host
