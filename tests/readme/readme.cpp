#include "tests/readme/readme.hpp"

#include <sstream>
#include <stdexcept>

#include "tests/support/files.hpp"

namespace readme {
namespace {

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool is_row(const std::string& line) { return line.starts_with("| ") || line.starts_with("|-"); }

Row cells(const std::string& line) {
  Row row;
  std::istringstream rest(line.substr(1));
  for (std::string cell; std::getline(rest, cell, '|');) row.push_back(trimmed(cell));
  return row;
}

std::string without_comment(const std::string& line) {
  return trimmed(line.substr(0, line.starts_with('#') ? 0 : line.find(" #")));
}

}  // namespace

std::vector<std::string> in_backticks(const std::string& text) {
  std::vector<std::string> all;
  size_t begin = text.find('`');
  while (begin != std::string::npos) {
    const size_t end = text.find('`', begin + 1);
    if (end == std::string::npos) break;
    all.push_back(text.substr(begin + 1, end - begin - 1));
    begin = text.find('`', end + 1);
  }
  return all;
}

Readme::Readme(const std::string& file) : lines_(test_support::read_lines(file)) {
  if (lines_.empty()) throw std::runtime_error(file + " is empty or not there");
}

std::vector<std::string> Readme::commands() const {
  std::vector<std::string> all;
  bool in_block = false;
  bool in_table = false;
  for (const std::string& line : lines_) {
    if (line.starts_with("```")) {
      in_block = line == "```sh";
      continue;
    }
    in_table = is_row(line) && (in_table || cells(line).front() == "command");
    const std::string command = in_block ? without_comment(line) : "";
    if (!command.empty()) all.push_back(command);
    if (in_table)
      for (const std::string& text : in_backticks(cells(line).front())) all.push_back(text);
  }
  return all;
}

std::vector<Row> Readme::table(const std::string& heading) const {
  std::vector<Row> rows;
  bool in_table = false;
  for (const std::string& line : lines_) {
    in_table = is_row(line) && (in_table || cells(line).front() == heading);
    if (in_table) rows.push_back(cells(line));
  }
  if (!rows.empty()) rows.erase(rows.begin(), rows.begin() + 2);
  return rows;
}

}  // namespace readme
