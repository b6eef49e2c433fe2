// A plugin with a setting of every type and two secrets, for the tests of the manifest. Its one
// batch echoes the settings that it was configured with.
#include "connector_plugin.hpp"

namespace {

class TypedSettings {
 public:
  static std::string_view describe() {
    return R"({
      "name": "typed_settings", "version": "1.2.3", "summary": "A setting of every type",
      "settings": {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object", "required": ["client_id"], "additionalProperties": false,
        "properties": {
          "client_id": {"type": "string", "minLength": 1, "description": "who asks"},
          "repository_id": {"type": ["string", "integer"], "description": "text or number"},
          "region": {"enum": ["eu", "us"], "description": "where"},
          "rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 10},
          "count": {"type": "integer", "minimum": 0},
          "enabled": {"type": "boolean"},
          "actions": {"type": "array", "uniqueItems": true,
                      "items": {"type": "string", "enum": ["closed", "ignored"]}},
          "labels": {"type": "object", "additionalProperties": {"type": "string"}},
          "start": {"type": "string"},
          "interval": {"type": "string", "pattern": "^[0-9]+(s|m|h)$",
                       "description": "a span such as 60s"},
          "limits": {"$ref": "#/definitions/limits"},
          "either": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
          "anything": {}
        },
        "definitions": {
          "limits": {"type": "object", "required": ["soft"], "additionalProperties": false,
                     "properties": {"soft": {"type": "integer", "description": "when to warn"},
                                    "hard": {"type": "integer"}}}
        }
      },
      "secrets": [
        {"name": "client_secret", "description": "belongs to client_id", "required": true},
        {"name": "proxy_password", "description": "of the proxy", "required": false}
      ],
      "pace_key": ["client_id"], "preview": {}, "build": {}
    })";
  }

  explicit TypedSettings(connector::Host) {}

  connector::Result<void> configure(std::string_view settings, std::string_view) {
    settings_ = settings;
    return {};
  }

  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    const auto memory = std::make_shared<const std::string>(settings_);
    connector::Batch batch;
    batch.records.push_back({connector::text(*memory), connector::text("1"), 0});
    batch.memory = memory;
    batch.wait = {1'000'000'000, CONNECTOR_WAIT_IDLE};
    return batch;
  }

 private:
  std::string settings_;
};

}  // namespace

CONNECTOR_PLUGIN(TypedSettings)
