// Reading the maps of a manifest key by key, with every mistake noted and none fatal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host_sim/manifest.hpp"
#include "host_sim/yaml_tree.hpp"

namespace host {

// All that is wrong with one manifest.
class Mistakes {
 public:
  void add(Place place, std::string key_path, std::string text) {
    list_.push_back({place, std::move(key_path), std::move(text)});
  }
  bool empty() const { return list_.empty(); }
  // By line, then by key path.
  std::vector<Mistake> sorted() const;

 private:
  std::vector<Mistake> list_;
};

// "pipelines[0]" and "output" -> "pipelines[0].output". A key may be anything: made fit to print.
std::string member_path(const std::string& key_path, std::string_view key);

// The members of a map without those whose key was given before; each of these is a mistake.
std::vector<YamlMember> first_of_each_key(const YamlNode& map, const std::string& key_path,
                                          Mistakes& mistakes);

// A key that is not `what` ("a setting"), with the one of `known` that was probably meant.
void add_unknown_key(const YamlMember& member, const std::string& key_path, std::string_view what,
                     const std::vector<std::string>& known, Mistakes& mistakes);

// One map with a fixed set of keys.
class Fields {
 public:
  // Notes when `node` is no map, and its unknown and duplicate keys. `place` is where its own key
  // stands. `mistakes` outlives the object.
  Fields(const YamlNode& node, Place place, std::string key_path, std::vector<std::string> known,
         Mistakes& mistakes);

  bool is_map() const { return is_map_; }
  Place place() const { return place_; }
  Place place_of(std::string_view key) const;  // of the map where there is no such key
  std::string path_of(std::string_view key) const { return member_path(key_path_, key); }

  const YamlMember* find(std::string_view key) const;
  // Missing is a mistake (but once the map itself is one): "is missing; REMEDY".
  const YamlMember* require(std::string_view key, std::string_view remedy) const;

  // One line of text that is not empty; anything else is a mistake.
  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::string> required_text(std::string_view key, std::string_view remedy) const;

  void add_mistake(std::string_view key, std::string text) const;

 private:
  Place place_;
  std::string key_path_;
  Mistakes& mistakes_;
  bool is_map_;
  std::vector<YamlMember> members_;
};

}  // namespace host
