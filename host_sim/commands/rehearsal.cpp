#include "host_sim/commands/rehearsal.hpp"

#include <algorithm>

#include "host_sim/commands/trial.hpp"

namespace host::commands {
namespace {

// "/actions/0: text" -> "actions"; empty where the line is about no setting in particular.
std::string setting_of(std::string_view line) {
  if (!line.starts_with('/')) return {};
  line.remove_prefix(1);
  return std::string(line.substr(0, line.find_first_of("/:")));
}

// What a plugin says of settings that it did not get, because the schema refused them, is no news.
std::string about_the_others(std::string_view text, const std::set<std::string>& wrong) {
  std::string kept;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string setting = setting_of(line);
    if (wrong.empty() || (!setting.empty() && !wrong.contains(setting)))
      kept.append(line).push_back('\n');
  }
  return kept;
}

std::vector<Mistake> what_the_plugin_says(const PipelineManifest& pipeline,
                                          std::shared_ptr<const Plugin> plugin,
                                          const Context& context) {
  if (pipeline.wrong_settings.contains("")) return {};
  nlohmann::json settings = pipeline.settings;
  for (const std::string& wrong : pipeline.wrong_settings) settings.erase(wrong);
  Pace pace(context.clock, false, {});  // nothing is asked of any service
  Trial trial(pipeline, std::move(plugin), context, pace);
  const Result<void> configured = trial.configure(settings, "");
  if (configured || configured.error().status != Status::kConfig) return {};
  std::vector<Mistake> mistakes =
      config_mistakes(pipeline, about_the_others(configured.error().text, pipeline.wrong_settings));
  for (Mistake& mistake : mistakes) mistake.text = trial.clean(mistake.text);
  return mistakes;
}

}  // namespace

std::vector<Mistake> missing_secrets(const CheckedManifest& checked, const Context& context) {
  std::vector<Mistake> all;
  for (const PipelineManifest& pipeline : checked.manifest.pipelines)
    for (Mistake& problem : Secrets(pipeline.secrets, context.environment).problems())
      all.push_back(std::move(problem));
  return all;
}

std::vector<Mistake> rehearse(const CheckedManifest& checked, const Context& context) {
  std::vector<Mistake> all = missing_secrets(checked, context);
  for (const PipelineManifest& pipeline : checked.manifest.pipelines) {
    const auto plugin = checked.plugins.find(pipeline.plugin);
    if (plugin == checked.plugins.end()) continue;
    for (Mistake& mistake : what_the_plugin_says(pipeline, plugin->second, context))
      all.push_back(std::move(mistake));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Mistake& a, const Mistake& b) { return a.place.line < b.place.line; });
  return all;
}

}  // namespace host::commands
