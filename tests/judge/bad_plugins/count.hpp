// A well-behaved endless count, ten records a page. The bad plugins beside it change one thing
// each, so that each breaks one law of the border and no other.
#pragma once

#include <string>

#include "connector_plugin.hpp"

namespace bad_plugins {

class Count {
 public:
  explicit Count(connector::Host host) : host_(host) {}

  connector::Result<void> configure(std::string_view, std::string_view checkpoint) {
    if (checkpoint.empty() || read(checkpoint)) return {};
    return connector::Error{connector::Status::kCheckpoint, "not a checkpoint of count"};
  }

  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    return page(next_ + 10);
  }

 protected:
  static std::string describe_as(const std::string& name, const std::string& secrets = "") {
    return R"({"name": ")" + name + R"(", "version": "1.0.0", "summary": "An endless count",
      "settings": {"type": "object", "properties": {"step": {"type": "integer",
        "description": "Not looked at"}}},
      "secrets": [)" +
           secrets + R"(], "pace_key": [], "preview": {}, "build": {}})";
  }

  // "count NEXT." exactly.
  bool read(std::string_view checkpoint) {
    next_ = 0;
    for (const char digit : checkpoint.substr(std::min<size_t>(6, checkpoint.size())))
      if (digit >= '0' && digit <= '9') next_ = next_ * 10 + static_cast<uint64_t>(digit - '0');
    return checkpoint == write(next_);
  }
  static std::string write(uint64_t next) { return "count " + std::to_string(next) + "."; }

  connector::Batch page(uint64_t checkpoint_next) {
    auto lines = std::make_shared<std::vector<std::string>>();
    for (int i = 0; i < 10; ++i) lines->push_back("{\"count\":" + std::to_string(next_++) + "}");
    connector::Batch batch;
    for (const std::string_view line : *lines)
      batch.records.push_back({connector::text(line),
                               connector::text(line.substr(9, line.size() - 10)),
                               CONNECTOR_TIME_UNKNOWN});
    batch.memory = lines;
    batch.checkpoint = write(checkpoint_next);
    batch.wait = {1'000'000, CONNECTOR_WAIT_RATE_LIMIT};
    return batch;
  }

  connector::Host host_;
  uint64_t next_ = 0;
};

}  // namespace bad_plugins
