// What becomes of the mistakes in a manifest: whose each is, and how it is told.
#include <gtest/gtest.h>

#include <chrono>

#include "host_sim/manifest_reader.hpp"

namespace host {
namespace {

// To go through all pipelines for each of the mistakes would take minutes.
TEST(PipelinesOfMistakes, AreFoundForHundredsOfThousands) {
  constexpr int kPipelines = 100'000;
  Manifest manifest;
  std::vector<Mistake> mistakes;
  for (int i = 0; i < kPipelines; ++i) {
    const std::string key_path = "pipelines[" + std::to_string(i) + "]";
    PipelineManifest& pipeline = manifest.pipelines.emplace_back();
    pipeline.name = "p" + std::to_string(i);
    pipeline.key_path = key_path;
    for (const char* key : {".name", ".input", ".output", ""})
      mistakes.push_back({{i}, key_path + key, "is missing"});
  }
  const auto begin = std::chrono::steady_clock::now();
  name_pipelines(manifest, mistakes);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
  for (const Mistake& mistake : mistakes)
    ASSERT_EQ(mistake.pipeline, "p" + std::to_string(mistake.place.line));
}

TEST(MistakeLine, HasFileLineKeyPathAndText) {
  EXPECT_EQ(to_line("/m.yaml", {{3}, "a.b", "is wrong"}), "/m.yaml:3: a.b: is wrong");
  EXPECT_EQ(to_line("/m.yaml", {{}, "", "is wrong"}), "/m.yaml: is wrong");
}

}  // namespace
}  // namespace host
