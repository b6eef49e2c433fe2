#include "host_sim/state_export.hpp"

#include "host_sim/base64.hpp"
#include "host_sim/manifest_pipeline.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_batch.hpp"

namespace host {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr size_t kLongestText = 4096;     // a path
constexpr size_t kLongestShownName = 64;  // that is worth showing

json to_json(const PipelineState& state) {
  const OutputPosition& output = state.output;
  return {{"plugin", state.plugin},
          {"checkpoint", to_base64(state.checkpoint)},
          {"records", state.records},
          {"updated_ns", state.updated_ns},
          {"output",
           {{"kind", output.kind},
            {"path", output.path},
            {"device", output.device},
            {"inode", output.inode},
            {"born_ns", output.born_ns},
            {"position", output.position}}}};
}

// The JSON library's words are for programmers.
std::string plain_words(const std::exception& mistake) {
  if (const auto* parsing = dynamic_cast<const json::parse_error*>(&mistake))
    return "it is no JSON from byte " + std::to_string(parsing->byte) + " on";
  if (dynamic_cast<const json::type_error*>(&mistake))
    return "it is JSON of another form, or something in it was changed";
  if (dynamic_cast<const json::out_of_range*>(&mistake)) return "something is missing in it";
  return one_line(mistake.what());
}

Error no_export(const std::string& why) {
  return {Status::kCheckpoint, "this is no export of a state, for " + why +
                                   "; give FILE as `state export MANIFEST > FILE` has written it"};
}

std::string checkpoint_from(const json& from) {
  std::optional<std::string> bytes = from_base64(from.get_ref<const std::string&>());
  if (!bytes) throw std::invalid_argument("a checkpoint is no base64");
  if (bytes->size() > kMostCheckpointBytes)
    throw std::invalid_argument("a checkpoint has over 4 MiB");
  return *std::move(bytes);
}

[[noreturn]] void refuse_member(const char* key, const char* why) {
  throw std::invalid_argument(std::string(key) + " " + why);
}

// A count or a time of our own. The library would read 1.5 and 99999999999999999999, too.
int64_t number(const json& from, const char* key) {
  const json& value = from.at(key);
  const bool whole = value.is_number_integer();
  const bool fits = !value.is_number_unsigned() || value.get<uint64_t>() <= INT64_MAX;
  if (!whole || !fits || value.get<int64_t>() < 0) refuse_member(key, "is no number of at least 0");
  return value.get<int64_t>();
}

// Of the file system's own making: all 64 bits count.
uint64_t identity(const json& from, const char* key) {
  const json& value = from.at(key);
  if (!value.is_number_unsigned()) refuse_member(key, "is no number of at least 0");
  return value.get<uint64_t>();
}

// One that can stand on a terminal and in the state.
std::string text(const json& from, const char* key) {
  std::string value = from.at(key).get<std::string>();
  if (value.size() > kLongestText || one_line(value) != value)
    refuse_member(key, "is no plain text");
  return value;
}

std::string kind(const json& from) {
  std::string value = text(from, "kind");
  if (!value.empty() && value != "file" && value != "stdout") refuse_member("kind", "is not known");
  return value;
}

// Whoever wrote this may mean ill. The JSON library throws when a key is missing or of another
// type.
PipelineState state_from(const json& from) {
  const json& output = from.at("output");
  PipelineState state{.plugin = text(from, "plugin"),
                      .checkpoint = checkpoint_from(from.at("checkpoint")),
                      .output = {.kind = kind(output),
                                 .path = text(output, "path"),
                                 .device = identity(output, "device"),
                                 .inode = identity(output, "inode"),
                                 .born_ns = number(output, "born_ns"),
                                 .position = number(output, "position")},
                      .ours_until = kNobodyKnows,  // the file may have grown since
                      .records = number(from, "records"),
                      .updated_ns = number(from, "updated_ns")};
  // Else a pipeline would begin anew and bring all of them again.
  if (state.checkpoint.empty() && state.records > 0)
    throw std::invalid_argument("records are counted, and the checkpoint behind them is empty");
  return state;
}

PipelineStates states_from(const json& all) {
  if (all.at("version") != kVersion) throw std::invalid_argument("it is of another version");
  PipelineStates states;
  for (const auto& [name, state] : all.at("pipelines").items()) {
    if (!is_pipeline_name(name))
      throw std::invalid_argument("\"" + std::string(cut(name, kLongestShownName)) +
                                  "\" cannot be the name of a pipeline");
    states.emplace(name, state_from(state));
  }
  return states;
}

}  // namespace

json to_json(const PipelineStates& states) {
  json pipelines = json::object();
  for (const auto& [name, state] : states) pipelines[name] = to_json(state);
  return {{"version", kVersion}, {"pipelines", std::move(pipelines)}};
}

Result<PipelineStates> states_from_json(const std::string& text) {
  if (text.empty()) return no_export("nothing came");
  try {
    return states_from(json::parse(text));
  } catch (const std::exception& mistake) {
    return no_export(plain_words(mistake));
  }
}

}  // namespace host
