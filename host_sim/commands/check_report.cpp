#include "host_sim/commands/check_report.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <string_view>

#include "host_sim/manifest_reader.hpp"
#include "host_sim/plain_text.hpp"

namespace host::commands {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSeparator = "; ";
constexpr const char* kCorrectIt = "correct it there";  // for a cause that says what is right

std::string cause_of(const std::string& line) { return line.substr(0, remedy_separator(line)); }

std::string remedy_of(const std::string& line) {
  const size_t at = remedy_separator(line);
  return at == std::string::npos ? "" : line.substr(at + kSeparator.size());
}

// Where a mistake in the manifest belongs, by its key path.
std::string step_of(const Mistake& mistake) {
  const std::string_view path = mistake.key_path;
  const auto is_below = [path](std::string_view key) {
    const size_t end = path.find(']');
    return path.starts_with("pipelines[") && end != std::string_view::npos &&
           path.substr(end + 1).starts_with(key);
  };
  if (path == "state") return "state";
  if (is_below(".input.plugin") || is_below(".input.sha256")) return "plugin";
  if (is_below(".input.secrets")) return "secrets";
  if (is_below(".input.settings")) return "settings";
  return "manifest";
}

}  // namespace

CheckReport::CheckReport(std::ostream& out, bool json, std::filesystem::path manifest)
    : out_(out), json_(json), manifest_(std::move(manifest)) {}

void CheckReport::begin(const std::string& pipeline, int line) {
  pipeline_ = pipeline;
  pipeline_line_ = line;
  if (json_) return;
  out_ << pipeline;
  if (line > 0) out_ << " (line " << line << ")";
  out_ << std::endl;
}

void CheckReport::passed(const std::string& step, const std::string& detail) {
  say({step, true, detail, ""});
}

void CheckReport::failed(const std::string& step, const std::string& detail,
                         const std::string& remedy) {
  exit_code_ = std::max(exit_code_, kExitFailed);
  say({step, false, detail, remedy});
}

void CheckReport::failed(const std::string& step, const std::string& line) {
  failed(step, cause_of(line), remedy_of(line));
}

void CheckReport::mistakes(std::vector<Mistake> mistakes) {
  // What concerns no pipeline would stand below the heading of one.
  std::stable_partition(mistakes.begin(), mistakes.end(),
                        [](const Mistake& mistake) { return mistake.pipeline.empty(); });
  for (const Mistake& mistake : mistakes) {
    const bool is_of_another =
        pipeline_ != mistake.pipeline || pipeline_line_ != mistake.pipeline_line;
    if (!mistake.pipeline.empty() && is_of_another) begin(mistake.pipeline, mistake.pipeline_line);
    this->mistake(mistake);
  }
}

void CheckReport::mistake(const Mistake& mistake) {
  exit_code_ = kExitUsage;
  const std::string remedy = remedy_of(mistake.text);
  say({step_of(mistake), false, cause_of(mistake.text), remedy.empty() ? kCorrectIt : remedy,
       &mistake});
}

void CheckReport::say(const Line& line) {
  if (json_)
    out_ << json_of(line).dump(-1, ' ', false, Json::error_handler_t::replace);
  else
    print(line);
  out_ << std::endl;
}

void CheckReport::print(const Line& line) {
  out_ << (line.ok ? "ok    " : "FAIL  ") << std::left << std::setw(15) << one_line(line.step)
       << ' ';
  if (line.mistake) out_ << to_line(manifest_, {line.mistake->place, line.mistake->key_path, ""});
  out_ << one_line(line.detail);
  if (!line.remedy.empty()) out_ << kSeparator << one_line(line.remedy);
}

Json CheckReport::json_of(const Line& line) const {
  Json json = {{"pipeline", pipeline_},
               {"step", one_line(line.step)},
               {"ok", line.ok},
               {"detail", one_line(line.detail)},
               {"remedy", one_line(line.remedy)}};
  if (!line.mistake) return json;
  json["file"] = manifest_.string();
  json["line"] = line.mistake->place.line;
  json["key"] = line.mistake->key_path;
  return json;
}

}  // namespace host::commands
