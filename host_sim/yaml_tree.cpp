#include "host_sim/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <optional>
#include <sstream>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

Place place_of(const YAML::Mark& mark) { return {mark.line + 1}; }

YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) {
  YamlNode node;
  node.kind = kind;
  node.place = place_of(mark);
  return node;
}

// Ends the parse from within an event.
struct Refused {
  Mistake mistake;
};

[[noreturn]] void refuse(Place place, std::string text) {
  throw Refused{{place, "", std::move(text)}};
}

struct Size {
  size_t nodes = 1;
  size_t depth = 1;
  size_t bytes = 0;  // of all text
};

Size size_of(const YamlNode& node) {
  Size size;
  size.bytes = node.text.size();
  const auto add = [&size](const YamlNode& child) {
    const Size its = size_of(child);
    size.nodes += its.nodes;
    size.depth = std::max(size.depth, its.depth + 1);
    size.bytes += its.bytes;
  };
  for (const YamlNode& item : node.items) add(item);
  for (const YamlMember& member : node.members) {
    size.bytes += member.key.size();
    add(member.value);
  }
  return size;
}

// Puts the parser's events together to a tree.
class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(node_at(mark, YamlNode::Kind::kNull), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (value.size() > kMostScalarBytes)
      refuse(place_of(mark), "this text is over 8 KiB; nothing in a manifest is that long");
    const bool plain = tag == "?";
    if (!plain && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(mark, tag);
    YamlNode node = node_at(mark, YamlNode::Kind::kScalar);
    node.text = value;
    node.quoted = !plain;
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      refuse(place_of(mark), "this alias stands inside what it names; write the value out");
    const Size size = size_of(found->second);
    count(size.nodes, size.bytes, place_of(mark));
    if (open_.size() + size.depth > kDeepestYaml) refuse_depth(place_of(mark));
    put(YamlNode(found->second));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kSequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<YamlMember> member;  // of a map: has its key and waits for its value
  };

  [[noreturn]] static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    refuse(place_of(mark), "the tag " + one_line(cut(tag, 100)) + " means nothing here; remove it");
  }

  [[noreturn]] static void refuse_depth(Place place) {
    refuse(place, "this lies deeper than 32 levels; nothing in a manifest does");
  }

  void count(size_t nodes, size_t bytes, Place place) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > kMostYamlNodes)
      refuse(place, "with its aliases written out this has over 500,000 values; split it");
    if (bytes_ > kMostYamlBytes)
      refuse(place, "with its aliases written out this has over 4 MiB of text; split it");
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark, tag);
    if (open_.size() >= kDeepestYaml) refuse_depth(place_of(mark));
    count(1, 0, place_of(mark));
    open_.push_back({node_at(mark, kind), anchor, {}});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != YAML::NullAnchor) anchors_[done.anchor] = done.node;
    put(std::move(done.node));
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    count(1, node.text.size(), node.place);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    put(std::move(node));
  }

  // A value goes to where the document is: its root, the next item, the next key or its value.
  void put(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_sequence()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.member) {
      if (!node.is_scalar()) refuse(node.place, "a key must be text");
      parent.member = YamlMember{std::move(node.text), node.place, {}};
    } else {
      if (node.kind == YamlNode::Kind::kNull)
        node.place = parent.member->place;  // not the next line
      parent.member->value = std::move(node);
      parent.node.members.push_back(*std::move(parent.member));
      parent.member.reset();
    }
  }

  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  size_t nodes_ = 0;
  size_t bytes_ = 0;
};

YamlNode parse(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  TreeBuilder builder;
  parser.HandleNextDocument(builder);
  TreeBuilder another;
  if (parser.HandleNextDocument(another))
    refuse({}, "there is a second document (---) in this file; give one");
  return builder.take();
}

}  // namespace

std::variant<YamlNode, Mistake> parse_yaml(const std::string& text) {
  if (text.size() > kMostYamlBytes)
    return Mistake{{}, "", "is over 4 MiB; split it into several manifests"};
  if (!is_utf8(text)) return Mistake{{}, "", "is not UTF-8 text; save it as UTF-8"};
  try {
    return parse(text);
  } catch (const Refused& refused) {
    return refused.mistake;
  } catch (const YAML::Exception& why) {
    return Mistake{place_of(why.mark), "",
                   "is not valid YAML: " + one_line(why.msg) +
                       "; correct the indentation, quotes or brackets "
                       "here or just before"};
  }
}

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "text";
    case YamlNode::Kind::kSequence:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "nothing";
}

}  // namespace host
