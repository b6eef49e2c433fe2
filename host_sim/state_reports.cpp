#include "host_sim/state_reports.hpp"

#include <nlohmann/json.hpp>

#include "host_sim/plain_text.hpp"
#include "host_sim/told_position.hpp"
#include "plugin_api/connector_plugin.h"

namespace host {
namespace {

using nlohmann::json;

constexpr int64_t kFirstSchema = 2;  // that has the tables
constexpr size_t kLongestError = 4096;

std::vector<Metric> gauges_in(const std::string& pipeline, const std::string& text) {
  std::vector<Metric> gauges;
  try {
    for (const json& gauge : json::parse(text))
      gauges.push_back({{pipeline, gauge.at(0), gauge.at(1)}, CONNECTOR_METRIC_GAUGE, gauge.at(2)});
  } catch (const json::exception&) {
    gauges.clear();
  }
  return gauges;
}

// Calls `take` with each row.
template <class Take>
Result<void> for_each_row(Database& database, const char* sql, Take&& take) {
  Result<Statement> rows = database.prepare(sql);
  if (!rows) return std::move(rows).error();
  for (;;) {
    const Result<bool> row = rows->step();
    if (!row) return row.error();
    if (!*row) return {};
    take(*rows);
  }
}

}  // namespace

std::string gauges_text(const std::vector<Metric>& metrics) {
  json gauges = json::array();
  for (const auto& [key, kind, value] : metrics)
    if (tells_position(key)) gauges.push_back({key.name, key.labels, value});
  return gauges.empty() ? "" : gauges.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<void> put_reports(Database& database, const NewReports& reports) {
  Result<void> done =
      run_each(database, "INSERT OR REPLACE INTO gauges VALUES(?,?)", reports.gauges,
               [](Statement& row, const auto& entry) {
                 row.bind(1, std::string_view(entry.first)).bind(2, std::string_view(entry.second));
               });
  if (!done) return done;
  return run_each(database, "INSERT OR REPLACE INTO errors VALUES(?,?,?)", reports.errors,
                  [](Statement& row, const auto& entry) {
                    row.bind(1, std::string_view(entry.first)).bind(2, entry.second.time_ns);
                    row.bind(3, cut(entry.second.text, kLongestError));
                  });
}

Result<void> forget_reports(Database& database, const std::vector<std::string>& pipelines) {
  for (const char* sql :
       {"DELETE FROM gauges WHERE pipeline = ?", "DELETE FROM errors WHERE pipeline = ?"}) {
    Result<void> done = run_each(
        database, sql, pipelines,
        [](Statement& row, const std::string& name) { row.bind(1, std::string_view(name)); });
    if (!done) return done;
  }
  return {};
}

Result<std::map<std::string, StateReport>> read_reports(Database& database) {
  std::map<std::string, StateReport> reports;
  const Result<int64_t> version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*version < kFirstSchema) return reports;
  Result<void> read =
      for_each_row(database, "SELECT pipeline, gauges FROM gauges", [&](const Statement& row) {
        reports[row.text(0)].gauges = gauges_in(row.text(0), row.text(1));
      });
  if (read)
    read = for_each_row(database, "SELECT pipeline, time_ns, text FROM errors",
                        [&](const Statement& row) {
                          reports[row.text(0)].error = LastError{row.integer(1), row.text(2)};
                        });
  if (!read) return read.error();
  return reports;
}

}  // namespace host
