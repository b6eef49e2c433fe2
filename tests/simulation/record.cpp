#include "tests/simulation/record.hpp"

#include <algorithm>

#include "tests/fake_aikido/json_layout.hpp"
#include "tests/simulation/dice.hpp"

namespace simulation {
namespace {

// Cuts `,"name":value` or `"name":value,` out of a compact object whose value holds no comma.
void cut_member(std::string& json, const std::string& name) {
  const size_t at = json.find('"' + name + "\":");
  if (at == std::string::npos) return;
  const size_t comma = json.find(',', at);
  json.erase(at, comma == std::string::npos ? 0 : comma + 1 - at);
}

std::string id_of(const std::string& json) {
  const std::string key = R"("id":)";
  const size_t from = json.find(key) + key.size();
  return json.substr(from, json.find(',', from) - from);
}

std::vector<int64_t> times_of(Dice& dice, const Stream& stream, int64_t begin_ns) {
  std::vector<int64_t> times;
  for (size_t i = 0; i < stream.count; ++i)
    times.push_back(i > 0 && dice.chance(stream.burst)
                        ? times.back()
                        : (begin_ns + dice.between(stream.from_ns, stream.to_ns - 1)) / kSecond);
  return times;
}

}  // namespace

Activity make_activity(const Plan& plan, int64_t begin_ns) {
  const ActivityPlan& style = plan.activity;
  Dice dice(plan.seed ^ 0xAC7171);
  std::vector<int64_t> times;
  for (const Stream& stream : style.streams) {
    const std::vector<int64_t> more = times_of(dice, stream, begin_ns);
    times.insert(times.end(), more.begin(), more.end());
  }
  std::sort(times.begin(), times.end());
  fake_aikido::ActivityMaker maker({.seed = dice.seed(),
                                    .shape = style.shape,
                                    .late_fraction = style.late,
                                    .latest_s = std::max<int64_t>(1, style.latest_s)});
  Activity activity;
  activity.records.reserve(times.size());
  for (const int64_t time_s : times) {
    fake_aikido::Record made = maker.make(time_s);
    // What is not late surfaces within its second or the next.
    if (made.visible_ns == time_s * kSecond) made.visible_ns += dice.between(0, 2 * kSecond - 1);
    Record record{.line = {},
                  .id = id_of(made.text),
                  .time_ns = time_s * kSecond,
                  .visible_ns = made.visible_ns};
    if (dice.chance(style.idless)) {
      cut_member(made.text, "id");
      record.id.clear();
    }
    if (dice.chance(style.timeless)) {
      cut_member(made.text, "timestamp");
      record.has_time = false;
    }
    made.withheld = dice.chance(style.withheld);
    const bool by_users_only = plan.settings.by_users_only;
    record.matches = !made.withheld && !(by_users_only && made.by_aikido);
    record.matches_second = !made.withheld && !(!by_users_only && made.by_aikido);
    record.line = fake_aikido::compact(made.text);
    activity.records.push_back(std::move(record));
    activity.organisation.push_back(std::move(made));
  }
  return activity;
}

}  // namespace simulation
