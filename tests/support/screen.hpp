// What a terminal shows after bytes were written to it: as much of one as this project's programs
// use.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace test_support {

// Rows of any width, and any number of them. Knows line feed, carriage return, and the escape
// sequences cursor up and erase to the end; throws std::runtime_error at any other control.
class Screen {
 public:
  void write(std::string_view bytes);
  // From the top; what is blank at their ends, and the blank rows at the end, are left out.
  std::vector<std::string> rows() const;

 private:
  void put(char letter);
  void obey(char command);

  std::vector<std::string> rows_ = {""};
  size_t row_ = 0;
  size_t column_ = 0;
  std::string sequence_;  // begun and not complete
};

}  // namespace test_support
