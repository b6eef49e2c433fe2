// Settings with mistakes in them, made from the plugin's own schema, and the lines that name them.
#pragma once

#include <string>
#include <vector>

namespace judge {

// The given settings with mistakes at these pointers ("/client_id").
struct Mistaken {
  std::string settings;
  std::vector<std::string> pointers;
};

// Each setting that the schema gives a type once with a value of another type, each required one
// once missing. Empty where the description or the settings are no JSON.
std::vector<Mistaken> single_mistakes(const std::string& description, const std::string& settings);

// All of these values of another type in one.
Mistaken all_mistyped(const std::string& description, const std::string& settings);

// The pointers of a CONFIG error, one a line. Broken when a line is not "/json/pointer: text".
std::vector<std::string> pointers_in(const std::string& error_text);

}  // namespace judge
