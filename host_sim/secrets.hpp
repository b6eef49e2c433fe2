// Secrets: read from the environment (then overwritten in place) or from a file that only its owner
// can read, kept in locked memory that is wiped, and never logged.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "host_sim/manifest.hpp"
#include "host_sim/plugin.hpp"
#include "host_sim/secrets_file.hpp"

namespace host {

// One value, in pages of its own: kept out of swap as far as the system allows, out of core dumps
// and of forked processes, and wiped when the last one lets go. Any thread.
class SecretValue {
 public:
  SecretValue(std::string_view value, uint64_t generation);
  ~SecretValue();
  SecretValue(const SecretValue&) = delete;
  SecretValue& operator=(const SecretValue&) = delete;

  std::string_view text() const { return text_; }
  uint64_t generation() const { return generation_; }

 private:
  std::string_view text_;
  uint64_t generation_;
  size_t mapped_ = 0;  // bytes
};

// The variables that hold secrets, each taken out of the environment when it is first asked for,
// before any plugin is loaded, so that no plugin's file, no child process and no /proc/PID/environ
// shows it. One for the process, for several pipelines may name the same variable. Any thread, as
// long as no other touches the environment.
class SecretEnvironment {
 public:
  // The variable's value; null when it is not set, or empty.
  std::shared_ptr<const SecretValue> take(const std::string& variable);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const SecretValue>> taken_;
};

// What to say of a variable that is not there.
std::string unset_variable_text(const std::string& variable);

// The secrets of one pipeline. Any thread.
class Secrets {
 public:
  // Takes its variables out of the environment at once. `environment` is used for this alone.
  Secrets(std::map<std::string, SecretReference> references, SecretEnvironment& environment);

  // The value now: a file is read again when it changed, which gives it a new generation. One
  // trailing newline is dropped. The error (AUTH) names the variable or the file and the remedy.
  Result<std::shared_ptr<const SecretValue>> acquire(const std::string& name);

  // Every problem that can be seen now (missing variable, unreadable file, a file that others can
  // read), as mistakes at the manifest's lines.
  std::vector<Mistake> problems();

 private:
  struct Held {
    std::shared_ptr<const SecretValue> value;
    FileIdentity identity;  // of a file
  };

  Result<std::shared_ptr<const SecretValue>> acquire_file(const SecretReference& reference,
                                                          Held& held);

  std::mutex mutex_;
  std::map<std::string, SecretReference> references_;
  std::map<std::string, Held> held_;
};

}  // namespace host
