#include "host_sim/commands/terminal_text.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "host_sim/plain_text.hpp"

namespace host::commands {
namespace {

size_t size_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Of one of at most three bytes, as JSON writes it.
std::string escape(std::string_view character) {
  unsigned code = static_cast<unsigned char>(character[0]);
  if (character.size() == 2) code &= 0x1F;
  if (character.size() == 3) code &= 0x0F;
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned>(c) & 0x3F);
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", code);
  return text;
}

}  // namespace

std::string for_a_terminal(std::string_view json) {
  std::string shown;
  for (size_t i = 0; i < json.size();) {
    const std::string_view character = json.substr(i, size_of_character(json[i]));
    const bool is_harmless = character[0] == '\t' || one_line(character) == character;
    shown += is_harmless ? std::string(character) : escape(character);
    i += character.size();
  }
  return shown;
}

bool is_terminal(const std::ostream& out) {
  return (&out == &std::cout && ::isatty(STDOUT_FILENO) != 0) ||
         (&out == &std::cerr && ::isatty(STDERR_FILENO) != 0);
}

}  // namespace host::commands
