#include "plugins/aikido_activity_log/check_steps.hpp"

#include <nlohmann/json.hpp>

#include "plugins/aikido_activity_log/answer_errors.hpp"

namespace aikido {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

CauseAndRemedy split(const Error& error) {
  const std::string text = without_setting(error.text);
  const size_t at = text.rfind("; ");
  if (at == std::string::npos) return {text, "try again"};
  return {text.substr(0, at), text.substr(at + 2)};
}

void CheckSteps::passed(std::string_view step, std::string_view detail) {
  add(step, true, detail, "");
}

void CheckSteps::failed(std::string_view step, const CauseAndRemedy& why) {
  add(step, false, why.cause, why.remedy);
}

connector::Batch CheckSteps::to_batch(int64_t time_ns) && {
  const auto steps = std::make_shared<const std::vector<Step>>(std::move(steps_));
  connector::Batch batch;
  for (const Step& step : *steps)
    batch.records.push_back({connector::text(step.data), connector::text(step.id), time_ns});
  batch.memory = steps;
  return batch;
}

void CheckSteps::add(std::string_view step, bool ok, std::string_view detail,
                     std::string_view remedy) {
  const Json json = {{"step", step}, {"ok", ok}, {"detail", detail}, {"remedy", remedy}};
  steps_.push_back({line(Json(step)), line(json)});
}

}  // namespace aikido
