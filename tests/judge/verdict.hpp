// How a law of the border was kept.
#pragma once

#include <stdexcept>
#include <string>

namespace judge {

struct Verdict {
  std::string law;
  bool kept = false;
  std::string detail;  // one line: what was seen; where the law was broken, which call did what
};

// A law ends at the first thing that breaks it, as a test does at a failed assertion.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace judge
