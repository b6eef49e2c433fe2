// Breaks config_errors: of several mistakes it names the first alone.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct NamesOneMistake : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    return R"({"name": "names_one_mistake", "version": "1.0.0", "summary": "An endless count",
      "settings": {"type": "object", "properties": {
        "first": {"type": "string", "description": "A text"},
        "second": {"type": "string", "description": "A text"}}},
      "secrets": [], "pace_key": [], "preview": {}, "build": {}})";
  }
  connector::Result<void> configure(std::string_view settings, std::string_view checkpoint) {
    for (const char* key : {"first", "second"})
      if (settings.find("\"" + std::string(key) + "\":{") != std::string_view::npos)
        return connector::Error{connector::Status::kConfig,
                                "/" + std::string(key) + ": is not text; write it in quotes"};
    return Count::configure(settings, checkpoint);
  }
};

}  // namespace

CONNECTOR_PLUGIN(NamesOneMistake)
