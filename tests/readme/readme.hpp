// The README as data: its commands and its tables.
#pragma once

#include <string>
#include <vector>

namespace readme {

using Row = std::vector<std::string>;  // cells without the white space around them

// What stands between backticks.
std::vector<std::string> in_backticks(const std::string& text);

class Readme {
 public:
  // Throws std::runtime_error when the file is not there.
  explicit Readme(const std::string& file);

  // Every command in the order of the file: the lines of its sh blocks without their comments, and
  // what is quoted in the first column of the table that begins with `command`.
  std::vector<std::string> commands() const;
  // Rows of the table whose first heading this is, without heading and rule; empty where none is.
  std::vector<Row> table(const std::string& heading) const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace readme
