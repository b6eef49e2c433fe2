// A JSON object as nlohmann reads it, the first of two equal keys kept as simdjson does.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace fuzz {

class FirstMembers : private nlohmann::json_sax<nlohmann::json> {
 public:
  explicit FirstMembers(const std::string& text) {
    // nlohmann takes a NUL for the end of its input and passes over a byte order mark.
    same_rules_ = text.find('\0') == std::string::npos && !text.starts_with("\xEF\xBB\xBF");
    valid_ = nlohmann::json::sax_parse<std::string, nlohmann::json_sax<nlohmann::json>>(
        std::string(text), this);
    if (!valid_) members_.clear();
  }

  // False where the two libraries differ by design: numbers beyond 64 bits, deep nesting, lone
  // surrogates, which one of them refuses and the other does not.
  bool judges_like_simdjson() const { return same_rules_; }
  bool valid() const { return valid_; }

  // Null where there is none, or an array or object.
  const nlohmann::json& member(const std::string& key) const {
    static const nlohmann::json kNone;
    const auto found = members_.find(key);
    return found == members_.end() ? kNone : found->second;
  }

 private:
  bool keep(nlohmann::json value) {
    if (depth_ == 1 && is_object_) members_.emplace(key_, std::move(value));
    return true;
  }
  bool deeper(bool is_object) {
    if (depth_ == 0) is_object_ = is_object;
    keep(nullptr);
    same_rules_ = same_rules_ && ++depth_ < 1000;
    return true;
  }
  bool null() override { return keep(nullptr); }
  bool boolean(bool value) override { return keep(value); }
  bool number_integer(number_integer_t value) override { return keep(value); }
  bool number_unsigned(number_unsigned_t value) override { return keep(value); }
  bool number_float(number_float_t value, const string_t& digits) override {
    if (digits.find_first_of(".eE") == std::string::npos) same_rules_ = false;
    return keep(value);
  }
  bool string(string_t& value) override { return keep(value); }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return deeper(true); }
  bool start_array(size_t) override { return deeper(false); }
  bool end_object() override { return --depth_, true; }
  bool end_array() override { return --depth_, true; }
  bool key(string_t& value) override {
    if (depth_ == 1) key_ = value;
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& error) override {
    if (error.id == 406) same_rules_ = false;
    return false;
  }

  std::map<std::string, nlohmann::json> members_;
  std::string key_;
  int depth_ = 0;
  bool is_object_ = false;
  bool same_rules_ = true;
  bool valid_ = false;
};

}  // namespace fuzz
