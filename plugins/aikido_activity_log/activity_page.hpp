// An answer of the activity log, from its body to records: simdjson finds the tokens and checks
// UTF-8, the walk checks the grammar. One pass, and no allocation per record; a second one over a
// copy where white space has to go.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

class JsonTokens;

constexpr size_t kMostRecordsInPage = 10'000;
constexpr size_t kLargestRecord = size_t{4} << 20;
constexpr size_t kLongestId = 256;  // a longer one counts as none, and the record's hash stands in

// Keeps buffers from one page to the next. One thread.
class ActivityPageParser {
 public:
  ActivityPageParser();
  ~ActivityPageParser();

  // The records view `body`, which Page::memory owns from then on; has_next is left to the caller.
  // PROTOCOL where the body is anything but an array of valid objects, with the place of what is
  // wrong within one.
  Result<Page> parse(std::string body);

  // Frees the buffers.
  void rest();

 private:
  std::unique_ptr<JsonTokens> tokens_;
};

}  // namespace aikido
