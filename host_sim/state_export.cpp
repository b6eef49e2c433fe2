#include "host_sim/state_export.hpp"

#include <limits>

#include "host_sim/base64.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_batch.hpp"

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

std::string checkpoint_from(const json& from) {
  std::optional<std::string> bytes = from_base64(from.get_ref<const std::string&>());
  if (!bytes) throw std::invalid_argument("a checkpoint is no base64");
  if (bytes->size() > kMostCheckpointBytes)
    throw std::invalid_argument("a checkpoint has over 4 MiB");
  return *std::move(bytes);
}

// Bytes, records or a time: the JSON library would turn a negative or a broken number into any.
template <class Number>
Number count_from(const json& from) {
  const bool fits = from.is_number_unsigned() &&
                    from.get<uint64_t>() <= uint64_t{std::numeric_limits<Number>::max()};
  if (!fits) throw std::invalid_argument("a count is no whole number from 0");
  return from.get<Number>();
}

// The JSON library throws when a key is missing or of another type.
PipelineState state_from(const json& from) {
  const json& output = from.at("output");
  return {.plugin = from.at("plugin"),
          .checkpoint = checkpoint_from(from.at("checkpoint")),
          .output = {.kind = output.at("kind"),
                     .path = output.at("path"),
                     .device = count_from<uint64_t>(output.at("device")),
                     .inode = count_from<uint64_t>(output.at("inode")),
                     .born_ns = count_from<int64_t>(output.at("born_ns")),
                     .position = count_from<int64_t>(output.at("position"))},
          .records = count_from<int64_t>(from.at("records")),
          .updated_ns = count_from<int64_t>(from.at("updated_ns"))};
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
    return Error{Status::kCheckpoint, "this is no export of a state (" + one_line(mistake.what()) +
                                          "); give the output of `state export`"};
  }
}

}  // namespace host
