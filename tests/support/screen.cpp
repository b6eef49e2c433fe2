#include "tests/support/screen.hpp"

#include <stdexcept>
#include <utility>

namespace test_support {
namespace {

std::vector<std::string> without_blanks(std::vector<std::string> rows) {
  for (std::string& row : rows) row.resize(row.find_last_not_of(' ') + 1);
  while (!rows.empty() && rows.back().empty()) rows.pop_back();
  return rows;
}

}  // namespace

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
      next_row(false);
    } else if (static_cast<unsigned char>(byte) < 0x20) {
      throw std::runtime_error("an unknown control character");
    } else {
      put(byte);
    }
  }
}

void Screen::put(char letter) {
  if (column_ == columns_) next_row(true);
  std::string& row = rows_[row_].text;
  if (row.size() <= column_) row.resize(column_ + 1, ' ');
  row[column_++] = letter;
}

void Screen::next_row(bool goes_on) {
  rows_[row_].goes_on = goes_on;
  column_ = 0;
  if (++row_ == rows_.size()) rows_.emplace_back();
}

void Screen::obey(char command) {
  if (sequence_ == "\033[A") {
    if (row_ == top()) throw std::runtime_error("the cursor would leave the screen");
    --row_;
  } else if (sequence_ == "\033[K") {
    rows_[row_].text.resize(column_, ' ');
    rows_[row_].goes_on = false;
  } else if (sequence_ == "\033[J") {
    erase_below();
  } else {
    throw std::runtime_error(std::string("an unknown escape sequence that ends with ") + command);
  }
}

void Screen::erase_below() {
  if (row_ == top() && column_ == 0 && height_ != SIZE_MAX) {
    row_ = rows_.size();
    rows_.resize(rows_.size() + height_);
    return;
  }
  rows_.resize(row_ + 1);
  rows_[row_] = {rows_[row_].text.substr(0, column_)};
}

// The cursor stays where it is within its line.
void Screen::resize(size_t columns, size_t height) {
  Screen resized(columns, height);
  for (size_t i = 0; i <= row_; ++i) {
    const Row& row = rows_[i];
    for (const char letter : i == row_ ? row.text.substr(0, column_) : row.text)
      resized.put(letter);
    if (i != row_ && !row.goes_on) resized.next_row(false);
  }
  *this = std::move(resized);
}

std::vector<std::string> Screen::rows() const {
  std::vector<std::string> shown;
  for (const Row& row : rows_) shown.push_back(row.text);
  return without_blanks(std::move(shown));
}

std::vector<std::string> Screen::lines() const {
  std::vector<std::string> shown = {""};
  for (const Row& row : rows_) {
    shown.back() += row.text;
    if (!row.goes_on) shown.emplace_back();
  }
  return without_blanks(std::move(shown));
}

}  // namespace test_support
