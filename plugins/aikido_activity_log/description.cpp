#include "plugins/aikido_activity_log/description.hpp"

#include <curl/curlver.h>
#include <openssl/opensslv.h>
#include <simdjson.h>

#include <string>

namespace aikido {
namespace {

// Meaning beyond these rules is checked by settings.cpp. No `pattern`: on a long text it costs a
// host's validator its stack.
constexpr const char* kBeforeBuild = R"json({
"name": "aikido_activity_log",
"version": "1.0.0",
"summary": "Every action in an Aikido Security organisation: its activity log, from the past and as it happens",
"settings": {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "required": ["client_id"],
  "additionalProperties": false,
  "properties": {
    "client_id": {
      "description": "Client id of an API client with the scope reports:read (Aikido: Settings > Integrations > API > REST)",
      "type": "string", "minLength": 1, "maxLength": 256},
    "repository_id": {
      "description": "Only activity of the code repository with this id",
      "type": ["string", "integer"], "minLength": 1, "maxLength": 64, "minimum": 1},
    "cloud_id": {
      "description": "Only activity of the cloud with this id",
      "type": ["string", "integer"], "minLength": 1, "maxLength": 64, "minimum": 1},
    "backfill_start_time": {
      "description": "From when on to fetch past records: a date (2024-01-15), a date and time with Z or an offset (2024-01-15T09:30:00Z), or a span before the first run (-24h). Left out: no past records",
      "type": "string", "minLength": 1, "maxLength": 64},
    "region": {
      "description": "Where the organisation lives",
      "type": "string", "enum": ["eu", "us", "me", "au"], "default": "eu"},
    "base_url": {
      "description": "Root of the host to ask, in place of region: https://HOST[:PORT], or http:// to this machine alone",
      "type": "string", "minLength": 1, "maxLength": 512},
    "user_type": {
      "description": "Only actions of people, or only Aikido's own",
      "type": "string", "enum": ["all", "user_only", "aikido_only"], "default": "all"},
    "actions": {
      "description": "Only these actions, such as ignored or snoozed. Several are sent as one list with commas; how Aikido combines them is not documented",
      "type": "array", "minItems": 1, "maxItems": 64,
      "items": {"type": "string", "minLength": 1, "maxLength": 64,
        "examples": ["snoozed", "ignored", "re_open", "closed", "unsnoozed", "auto_ignored",
          "adjust_severity", "drata_push", "autofix_pr_created", "sprinto_push", "thoropass_push"]}},
    "search": {
      "description": "Only records that match this text",
      "type": "string", "minLength": 1, "maxLength": 1024},
    "poll_interval": {
      "description": "How soon a new record is out: 1s to 1d",
      "type": "string", "minLength": 1, "maxLength": 32, "default": "60s"},
    "late_arrival_window": {
      "description": "How far behind its time a record may surface and is still found: 1s to 30d. Aikido shows records up to an hour late",
      "type": "string", "minLength": 1, "maxLength": 32, "default": "90m"},
    "late_check_interval": {
      "description": "How soon a record is out that surfaced late: 1s to 7d",
      "type": "string", "minLength": 1, "maxLength": 32, "default": "10m"},
    "requests_per_second": {
      "description": "Pace of all requests on this client id: 0.001 to 1000000. Aikido allows a workspace 20 calls a minute",
      "type": "number", "minimum": 0.001, "maximum": 1000000, "default": 0.3},
    "request_timeout": {
      "description": "How long to wait for an answer: 1s to 10m",
      "type": "string", "minLength": 1, "maxLength": 32, "default": "30s"},
    "replaces_client_id": {
      "description": "The client id whose position to take over, when new credentials of the same workspace replace it",
      "type": "string", "minLength": 1, "maxLength": 256}
  }
},
"secrets": [
  {"name": "client_secret", "description": "The secret that belongs to client_id", "required": true}
],
"pace_key": ["base_url", "region", "client_id"],
"preview": {"backfill_start_time": "-24h"},
"build": )json";

std::string build() {
  return std::string(R"({"libcurl": ")") + LIBCURL_VERSION + R"(", "openssl": ")" +
         OPENSSL_VERSION_STR + R"(", "simdjson": ")" + SIMDJSON_STRINGIFY(SIMDJSON_VERSION) +
         R"("})";
}

}  // namespace

std::string_view description() {
  static const std::string text = kBeforeBuild + build() + "}";
  return text;
}

}  // namespace aikido
