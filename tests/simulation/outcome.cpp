#include "tests/simulation/outcome.hpp"

#include <ctime>
#include <exception>
#include <nlohmann/json.hpp>

#include "tests/simulation/laws.hpp"
#include "tests/simulation/world.hpp"

namespace simulation {
namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

Outcome live(uint64_t seed, int64_t days, const std::filesystem::path& plugin_folder,
             bool with_events) {
  const double begin_s = cpu_seconds();
  const Plan plan = make_plan(seed, days);
  Outcome outcome{.seed = seed, .plan = to_text(plan)};
  World world(plan, plugin_folder);
  try {
    const History history = world.live();
    outcome.breach = check_all(history).value_or("");
    outcome.requests = history.requests.size();
    outcome.records = history.activity.records.size();
  } catch (const std::exception& error) {
    outcome.breach = std::string("the world ended early: ") + error.what();
  }
  if (with_events || outcome.failed()) outcome.events = world.events();
  outcome.cpu_s = cpu_seconds() - begin_s;
  return outcome;
}

std::string encode(const Outcome& outcome) {
  const nlohmann::json json{{"seed", outcome.seed},         {"breach", outcome.breach},
                            {"plan", outcome.plan},         {"events", outcome.events},
                            {"requests", outcome.requests}, {"records", outcome.records},
                            {"cpu_s", outcome.cpu_s}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Outcome decode(const std::string& bytes) {
  const auto json = nlohmann::json::parse(bytes);
  Outcome outcome;
  json.at("seed").get_to(outcome.seed);
  json.at("breach").get_to(outcome.breach);
  json.at("plan").get_to(outcome.plan);
  json.at("events").get_to(outcome.events);
  json.at("requests").get_to(outcome.requests);
  json.at("records").get_to(outcome.records);
  json.at("cpu_s").get_to(outcome.cpu_s);
  return outcome;
}

}  // namespace simulation
