// A YAML document as a plain tree that remembers lines: every key in its order, duplicates too, and
// every scalar as it was written. Aliases are spelled out, and counted.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "host_sim/manifest.hpp"

namespace host {

struct YamlMember;

struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  Kind kind = Kind::kNull;
  Place place;
  std::string text;     // of a scalar
  bool quoted = false;  // a scalar in quotes or as a block: text, whatever it looks like
  std::vector<YamlNode> items;
  std::vector<YamlMember> members;

  bool is_map() const { return kind == Kind::kMap; }
  bool is_sequence() const { return kind == Kind::kSequence; }
  bool is_scalar() const { return kind == Kind::kScalar; }
};

struct YamlMember {
  std::string key;
  Place place;
  YamlNode value;
};

// Caps that no honest manifest meets, checked while reading, before anything is spelled out.
constexpr size_t kMostYamlBytes = size_t{4} << 20;
constexpr size_t kMostYamlNodes = 500'000;  // aliases spelled out
constexpr size_t kDeepestYaml = 32;
constexpr size_t kMostScalarBytes = size_t{8} << 10;

// The one document of `text`, or the first thing that is wrong with it.
std::variant<YamlNode, Mistake> parse_yaml(const std::string& text);

// "a map", "a list", "text", "nothing".
std::string_view kind_name(YamlNode::Kind kind);

}  // namespace host
