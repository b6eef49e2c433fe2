// An answer of the activity log, from its body to records: simdjson finds the array's elements and
// checks UTF-8, the walk checks each object's grammar. One pass, and no allocation per record.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

constexpr size_t kMostRecordsInPage = 10'000;
constexpr size_t kLargestRecord = size_t{4} << 20;
constexpr size_t kLongestId = 256;  // a longer one counts as none, and the record's hash stands in

// Keeps buffers from one page to the next. One thread.
class ActivityPageParser {
 public:
  ActivityPageParser();
  ~ActivityPageParser();

  // The records view `body`, which Page::memory owns from then on; has_next is left to the caller.
  // PROTOCOL, with the place, where the body is anything but an array of valid objects.
  Result<Page> parse(std::string body);

  // Frees the buffers.
  void rest();

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace aikido
