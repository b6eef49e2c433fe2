// Looks for secrets in any bytes: as they are, and in every form that text commonly takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace end_to_end {

// One thread.
class SecretSearch {
 public:
  struct Form {
    std::string what;  // "the token in hex"
    std::string text;
  };

  void add(const std::string& name, std::string_view secret);

  // What of all that is there; empty is good.
  std::vector<std::string> found_in(std::string_view bytes) const;
  const std::vector<Form>& forms() const { return forms_; }

 private:
  std::vector<Form> forms_;
};

}  // namespace end_to_end
