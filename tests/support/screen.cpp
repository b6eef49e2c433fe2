#include "tests/support/screen.hpp"

#include <stdexcept>

namespace test_support {

void Screen::write(std::string_view bytes) {
  for (const char byte : bytes) {
    if (!sequence_.empty()) {
      sequence_ += byte;
      if (sequence_.size() == 3) {
        obey(byte);
        sequence_.clear();
      }
    } else if (byte == '\033') {
      sequence_ = byte;
    } else if (byte == '\r') {
      column_ = 0;
    } else if (byte == '\n') {
      column_ = 0;
      if (++row_ == rows_.size()) rows_.emplace_back();
    } else if (static_cast<unsigned char>(byte) < 0x20) {
      throw std::runtime_error("an unknown control character");
    } else {
      put(byte);
    }
  }
}

void Screen::put(char letter) {
  std::string& row = rows_[row_];
  if (row.size() <= column_) row.resize(column_ + 1, ' ');
  row[column_++] = letter;
}

void Screen::obey(char command) {
  if (sequence_ == "\033[A") {
    if (row_ == 0) throw std::runtime_error("the cursor would leave the screen");
    --row_;
  } else if (sequence_ == "\033[J") {
    rows_.resize(row_ + 1);
    rows_[row_].resize(column_, ' ');
  } else {
    throw std::runtime_error(std::string("an unknown escape sequence that ends with ") + command);
  }
}

std::vector<std::string> Screen::rows() const {
  std::vector<std::string> shown;
  for (const std::string& row : rows_)
    shown.push_back(row.substr(0, row.find_last_not_of(' ') + 1));
  while (!shown.empty() && shown.back().empty()) shown.pop_back();
  return shown;
}

}  // namespace test_support
