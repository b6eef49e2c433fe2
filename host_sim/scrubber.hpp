// The last line of defence: no secret that was ever lent gets into a line of the log, whatever
// plugin, library or vendor wrote it there.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace host {

class SecretValue;

// Any thread.
class Scrubber {
 public:
  Scrubber() = default;
  ~Scrubber();
  Scrubber(const Scrubber&) = delete;
  Scrubber& operator=(const Scrubber&) = delete;

  // Remembers a secret that is about to be lent, rotated ones beside their successors. One below
  // four bytes is none: taking it out of every line would destroy them.
  void learn(const std::shared_ptr<const SecretValue>& secret);

  // `line` without any known secret: as it is, within any base64 text, URL- or JSON-escaped in
  // whole or in part.
  std::string scrub(std::string_view line);
  // The same for a short name that comes again and again, as one line of bounded size: remembered
  // until another secret is learned.
  std::string clean_name(std::string_view name);

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<const SecretValue>> known_;
  std::vector<std::string> forms_;
  std::map<std::string, std::string, std::less<>> clean_names_;
};

}  // namespace host
