// What a request asks for, before anybody looks whether it may.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fake_aikido {

enum class Kind { kToken, kPage, kOther };

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Asked {
  Kind kind = Kind::kOther;
  std::string path;
  Parameters parameters;  // decoded, in the order sent

  std::string client;   // its id: of the basic credentials, or whom the token was given to
  int64_t time_ns = 0;  // on the stand-in's clock
  uint64_t number = 0;  // 1 is the first request of all

  // The first of that name.
  std::optional<std::string> parameter(const std::string& name) const;
};

// Fills kind, path and parameters.
Asked read_target(const std::string& target);

}  // namespace fake_aikido
