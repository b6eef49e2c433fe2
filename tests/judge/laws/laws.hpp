// The laws of the border, one function and one file each. A law loads the plugin itself, returns
// one line about what it saw, and throws Broken. Each runs in a process of its own.
#pragma once

#include <string>
#include <vector>

#include "tests/judge/subject.hpp"
#include "tests/judge/verdict.hpp"

namespace judge {

std::string exports(const Subject& subject);
std::string load(const Subject& subject);
std::string version(const Subject& subject);
std::string description(const Subject& subject);
std::string call_order(const Subject& subject);
std::string config_errors(const Subject& subject);
std::string batch_lifetime(const Subject& subject);
std::string checkpoint_replay(const Subject& subject);
std::string cancel(const Subject& subject);
std::string error_text(const Subject& subject);
std::string struct_sizes(const Subject& subject);

struct Law {
  const char* name;
  const char* summary;
  std::string (*judge)(const Subject&);
};

// In the order in which they make sense to read.
const std::vector<Law>& laws();

}  // namespace judge
