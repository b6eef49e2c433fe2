// A plugin that does nothing but hand over fifty records: what it costs is the border.
#pragma once

#include <array>
#include <string_view>

#include "connector_plugin.hpp"

namespace benchmarks {

class Fifty {
 public:
  static constexpr size_t kRecords = 50;

  static std::string_view describe() { return "{}"; }
  explicit Fifty(connector::Host) {}

  connector::Result<void> configure(std::string_view, std::string_view) { return {}; }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    connector::Batch batch;
    batch.records.assign(kRecords,
                         {connector::text(R"({"id":77})"), connector::text("77"), 1'767'225'600});
    return batch;
  }
};

}  // namespace benchmarks
