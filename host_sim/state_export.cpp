#include "host_sim/state_export.hpp"

#include "host_sim/base64.hpp"

namespace host {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;

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

// The JSON library throws when a key is missing or of another type.
PipelineState state_from(const json& from) {
  const json& output = from.at("output");
  const std::optional<std::string> checkpoint =
      from_base64(from.at("checkpoint").get_ref<const std::string&>());
  if (!checkpoint) throw std::invalid_argument("a checkpoint is no base64");
  return {.plugin = from.at("plugin"),
          .checkpoint = *checkpoint,
          .output = {.kind = output.at("kind"),
                     .path = output.at("path"),
                     .device = output.at("device"),
                     .inode = output.at("inode"),
                     .born_ns = output.at("born_ns"),
                     .position = output.at("position")},
          .records = from.at("records"),
          .updated_ns = from.at("updated_ns")};
}

PipelineStates states_from(const json& all) {
  if (all.at("version") != kVersion) throw std::invalid_argument("it is of another version");
  PipelineStates states;
  for (const auto& [name, state] : all.at("pipelines").items())
    states.emplace(name, state_from(state));
  return states;
}

}  // namespace

json to_json(const PipelineStates& states) {
  json pipelines = json::object();
  for (const auto& [name, state] : states) pipelines[name] = to_json(state);
  return {{"version", kVersion}, {"pipelines", std::move(pipelines)}};
}

Result<PipelineStates> states_from_json(const std::string& text) {
  try {
    return states_from(json::parse(text));
  } catch (const std::exception& mistake) {
    return Error{Status::kCheckpoint, std::string("this is no export of a state (") +
                                          mistake.what() + "); give the output of `state export`"};
  }
}

}  // namespace host
