// What a pipeline tells of itself, kept beside its position for people who look while no host runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host_sim/database.hpp"
#include "host_sim/metrics.hpp"

namespace host {

// Two tables of the state, without a digest, for nothing rests on them:
//   gauges  pipeline -> what tells_position chooses of its metrics at the last commit, as JSON:
//           [[NAME, LABELS, VALUE], ...]
//   errors  pipeline -> the last failure and when (wall clock), committed or not
constexpr const char* kReportTables = R"(
  CREATE TABLE gauges(pipeline TEXT PRIMARY KEY NOT NULL, gauges TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
  CREATE TABLE errors(
    pipeline TEXT PRIMARY KEY NOT NULL, time_ns INTEGER NOT NULL, text TEXT NOT NULL)
    STRICT, WITHOUT ROWID;)";

struct LastError {
  int64_t time_ns = 0;
  std::string text;
  bool operator==(const LastError&) const = default;
};

// Of one pipeline; what is not known is empty.
struct StateReport {
  std::vector<Metric> gauges;
  std::optional<LastError> error;
};

// To be written, by pipeline.
struct NewReports {
  std::map<std::string, std::string> gauges = {};  // each a gauges_text
  std::map<std::string, LastError> errors = {};
};

// Of a pipeline's metrics; empty where none tells a position.
std::string gauges_text(const std::vector<Metric>& metrics);

// All of them within the caller's transaction.
Result<void> put_reports(Database& database, const NewReports& reports);
Result<void> forget_reports(Database& database, const std::vector<std::string>& pipelines);
// Of a state that was made before there were any: none. A row that nobody can read counts as none.
Result<std::map<std::string, StateReport>> read_reports(Database& database);

}  // namespace host
