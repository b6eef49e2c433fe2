// A complete plugin in C++20: an endless count, ten ticks a second. The helper turns results into
// statuses, keeps exceptions inside, minds the order of calls and makes cancel sticky.
#include <charconv>

#include "connector_plugin.hpp"

namespace {

class Ticks {
 public:
  static std::string_view describe() {
    return R"({"name": "ticks_in_cpp", "version": "1.0.0", "summary": "An endless count",
      "settings": {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
                   "properties": {}, "additionalProperties": false},
      "secrets": [], "pace_key": [], "preview": {}, "build": {}})";
  }

  explicit Ticks(connector::Host host) : host_(host) {}

  // The checkpoint is the text "ticks/1 NEXT."; what was read must write itself again.
  connector::Result<void> configure(std::string_view, std::string_view checkpoint) {
    if (checkpoint.empty()) return {};
    if (checkpoint.size() > 8)
      std::from_chars(checkpoint.data() + 8, checkpoint.data() + checkpoint.size(), next_);
    if (checkpoint == this->checkpoint()) return {};
    return connector::Error{connector::Status::kCheckpoint,
                            "the checkpoint is not one of ticks, or is damaged; reset the "
                            "pipeline's state"};
  }

  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    auto lines = std::make_shared<std::vector<std::string>>();
    for (int i = 0; i < 10; ++i) lines->push_back("{\"tick\":" + std::to_string(next_++) + "}");
    connector::Batch batch{.checkpoint = checkpoint()};
    for (const std::string_view line : *lines)
      batch.records.push_back({connector::text(line),
                               connector::text(line.substr(8, line.size() - 9)),
                               host_.wall_clock()});
    batch.memory = lines;  // alive until the host releases the batch
    batch.wait = {1'000'000'000, CONNECTOR_WAIT_RATE_LIMIT};
    return batch;
  }

 private:
  std::string checkpoint() const { return "ticks/1 " + std::to_string(next_) + "."; }

  connector::Host host_;
  uint64_t next_ = 0;
};

}  // namespace

CONNECTOR_PLUGIN(Ticks)
