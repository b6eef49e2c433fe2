// What a terminal shows after bytes were written to it: as much of one as this project's programs
// use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace test_support {

// Knows line feed, carriage return, and the escape sequences cursor up, erase to the end of the row
// and erase to the end of the screen; throws std::runtime_error at any other control, and where the
// cursor would leave the screen at its top. What scrolls off is history. As tmux does, it keeps in
// its history what is erased as a whole from the top left on; as most terminals do, it wraps anew
// when it is resized.
class Screen {
 public:
  explicit Screen(size_t columns = SIZE_MAX, size_t height = SIZE_MAX)
      : columns_(columns), height_(height) {}

  void write(std::string_view bytes);
  void resize(size_t columns, size_t height);

  // The history and what is below, from the top; what is blank at the ends of rows, and the blank
  // rows at the end, are left out.
  std::vector<std::string> rows() const;
  // The same, but a row that ran on into the next one is one with it.
  std::vector<std::string> lines() const;

 private:
  struct Row {
    std::string text;
    bool goes_on = false;  // in the next row, for there were no more columns
  };

  void put(char letter);
  void next_row(bool goes_on);
  void obey(char command);
  void erase_below();
  size_t top() const { return rows_.size() > height_ ? rows_.size() - height_ : 0; }

  size_t columns_;
  size_t height_;
  std::vector<Row> rows_ = {{}};
  size_t row_ = 0;
  size_t column_ = 0;
  std::string sequence_;  // begun and not complete
};

}  // namespace test_support
