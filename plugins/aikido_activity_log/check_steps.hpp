// The steps of a check as records of a batch: {"step","ok","detail","remedy"}. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

// An error's line ends with its remedy, after the last "; ": the vendor's words hold none.
struct CauseAndRemedy {
  std::string cause;
  std::string remedy;
};
CauseAndRemedy split(const Error& error);

class CheckSteps {
 public:
  void passed(std::string_view step, std::string_view detail);
  void failed(std::string_view step, const CauseAndRemedy& why);

  connector::Batch to_batch(int64_t time_ns) &&;

 private:
  struct Step {
    std::string id;    // the name as a JSON token
    std::string data;  // the object
  };
  void add(std::string_view step, bool ok, std::string_view detail, std::string_view remedy);

  std::vector<Step> steps_;
};

}  // namespace aikido
