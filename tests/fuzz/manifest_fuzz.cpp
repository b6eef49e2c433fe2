// A manifest of any text, read as a file with a plugin at hand: right, or refused by mistakes at
// lines that are there. What is right is within the caps and valid by the plugin's schema.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "host_sim/manifest_reader.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/schema_check.hpp"
#include "host_sim/yaml_tree.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using fuzz::law;
using host::CheckedManifest;
using host::Mistake;
using host::YamlNode;

// A file in memory; its path serves as any other does.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& text)
      : descriptor_(memfd_create("manifest", MFD_CLOEXEC)) {
    const auto size = static_cast<ssize_t>(text.size());
    law(write(descriptor_, text.data(), text.size()) == size, "a manifest can be written");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

struct Extent {
  size_t nodes = 0;
  size_t depth = 0;
  size_t longest = 0;
};

void measure(const YamlNode& node, size_t depth, Extent& to) {
  ++to.nodes;
  to.depth = std::max(to.depth, depth);
  to.longest = std::max(to.longest, node.text.size());
  for (const YamlNode& item : node.items) measure(item, depth + 1, to);
  for (const host::YamlMember& member : node.members) measure(member.value, depth + 1, to);
}

void check_tree(const std::string& text) {
  const auto tree = host::parse_yaml(text);
  const auto* node = std::get_if<YamlNode>(&tree);
  if (!node) return;
  Extent extent;
  measure(*node, 0, extent);
  law(extent.nodes <= host::kMostYamlNodes + 1, "a tree is within its cap of values");
  law(extent.depth <= host::kDeepestYaml, "of levels");
  law(extent.longest <= host::kMostScalarBytes, "of text");
  law(text.size() <= host::kMostYamlBytes, "and of size");
}

void check_mistakes(const std::vector<Mistake>& mistakes, const std::string& text) {
  law(!mistakes.empty(), "a refusal says why");
  const auto lines =
      1 + std::count(text.begin(), text.end(), '\n') + std::count(text.begin(), text.end(), '\r');
  for (const Mistake& mistake : mistakes) {
    law(mistake.place.line >= 0 && mistake.place.line <= lines + 1, "at a line that is there");
    law(!fuzz::has_control(mistake.text) && !fuzz::has_control(mistake.key_path), "in one line");
    law(host::is_utf8(mistake.text) && host::is_utf8(mistake.key_path), "of UTF-8");
  }
}

void check_manifest(const CheckedManifest& checked) {
  law(!checked.manifest.pipelines.empty(), "there is a pipeline");
  std::set<std::string> names;
  for (const host::PipelineManifest& pipeline : checked.manifest.pipelines) {
    law(names.insert(pipeline.name).second, "each has a name of its own");
    const auto& plugin = checked.plugins.at(pipeline.plugin);
    const auto schema = host::SchemaCheck::make(plugin->description().at("settings"));
    law(schema->check(pipeline.settings)->empty(), "its settings are valid");
    law(pipeline.secrets.contains("client_secret"), "a secret that is required is given");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text = fuzz::text_of(data, size);
  check_tree(text);
  const MemoryFile file(text);
  const auto result = host::read_manifest(file.path(), {TEST_PLUGINS});
  if (const auto* mistakes = std::get_if<std::vector<Mistake>>(&result))
    check_mistakes(*mistakes, text);
  else
    check_manifest(std::get<CheckedManifest>(result));
  return 0;
}
