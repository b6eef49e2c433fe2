// The error that a hostile plugin hands over: what the host makes of it is a known status, a wait
// within a year and clean text, whatever the plugin wrote where.
#include <fuzzer/FuzzedDataProvider.h>

#include "host_sim/manifest_reader.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_batch.hpp"
#include "tests/fuzz/law.hpp"
#include "tests/host_sim/plugin_doubles.hpp"

namespace {

using connector::Error;
using connector::Status;
using fuzz::law;

void spoil(FuzzedDataProvider& in, connector_error& error) {
  const size_t capacity = error.text_capacity;
  const std::string text = in.ConsumeRandomLengthString(1'000);
  std::memcpy(error.text, text.data(), std::min(text.size(), capacity));
  error.text_size = in.ConsumeBool() ? text.size() : in.ConsumeIntegral<size_t>();
  error.wait_ns = in.ConsumeIntegral<int64_t>();
  error.wait_reason = in.ConsumeIntegral<int32_t>();
  error.http_status = in.ConsumeIntegral<int32_t>();
  if (in.ConsumeBool()) return;
  error.text = nullptr;  // the buffer is the host's, and so is where it remembers it
  error.text_capacity = in.ConsumeIntegral<size_t>();
  error.size = in.ConsumeIntegral<size_t>();
}

bool is_clean(std::string_view text, bool lines) {
  for (const char c : text)
    if (fuzz::has_control({&c, 1}) && !(lines && c == '\n')) return false;
  return host::is_utf8(text);
}

void check_error(const Error& error) {
  const auto status = static_cast<int32_t>(error.status);
  law(status <= CONNECTOR_ERROR_CONFIG && status >= CONNECTOR_ERROR_INTERNAL, "a status is known");
  law(!error.text.empty(), "an error has a text");
  law(is_clean(error.text, error.status == Status::kConfig),
      "of one clean line, CONFIG of several");
  law(error.text.size() <= size_t{3} * 64 * 1024, "and of bounded size");
  law(error.wait.ns >= 0 && error.wait.ns <= host::kLongestWaitNs, "a wait ends within a year");
  law(host::is_wait_reason(error.wait.reason), "and has a reason");
}

void check_mistakes(const Error& error) {
  host::PipelineManifest pipeline;
  pipeline.key_path = "pipelines[0]";
  pipeline.setting_places = {{"", {4}}, {"/a", {5}}, {"/a/0", {6}}};
  for (const host::Mistake& mistake : host::config_mistakes(pipeline, error.text)) {
    law(mistake.place.line >= 4 && mistake.place.line <= 6, "a mistake stands within the settings");
    law(is_clean(mistake.text, false) && is_clean(mistake.key_path, false), "and is clean");
    law(mistake.key_path.starts_with("pipelines[0].input.settings"), "and names its setting");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider in(data, size);
  host::PluginDouble plugin;
  const connector_host services = plugin.services();
  const auto instance = host::PluginInstance::make(plugin.plugin(true), services);
  plugin.status = in.ConsumeBool() ? in.ConsumeIntegralInRange<int32_t>(-9, -1)
                                   : in.ConsumeIntegral<int32_t>() | 1;
  plugin.fill_error = [&](connector_error& error) { spoil(in, error); };
  const auto step = (*instance)->next_batch({});
  law(!step && plugin.released == 0, "a failure brings no batch");
  check_error(step.error());
  check_mistakes(step.error());
  return 0;
}
