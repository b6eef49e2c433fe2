// A host and a plugin for the helper's tests: the host counts its loans, the plugin does what the
// test tells it to. One thread, but where a test says otherwise.
#pragma once

#include <functional>
#include <string>

#include "plugin_api/connector_plugin.hpp"

namespace connector {

// Host services of which only the secrets do anything.
class HostDouble {
 public:
  HostDouble() {
    table_.size = sizeof table_;
    table_.context = this;
    table_.log = [](void*, int32_t, connector_text) {};
    table_.secret_acquire = [](void* context, connector_text name, connector_secret* secret) {
      return static_cast<HostDouble*>(context)->lend(view(name), secret);
    };
    table_.secret_release = [](void* context, connector_secret* secret) {
      secret->value = {};
      --static_cast<HostDouble*>(context)->loans;
    };
    table_.wall_clock = [](void*) { return int64_t{0}; };
    table_.monotonic_clock = [](void*) { return int64_t{0}; };
  }

  connector_host& table() { return table_; }

  int loans = 0;
  int lent = 0;

 private:
  int32_t lend(std::string_view name, connector_secret* secret) {
    if (name != "known") return CONNECTOR_ERROR_AUTH;
    secret->value = text("the value");
    secret->generation = 7;
    ++loans;
    ++lent;
    return CONNECTOR_OK;
  }

  connector_host table_{};
};

// What the next plugin that is made will do; set before init.
struct Script {
  std::function<void()> construct = [] {};
  std::function<Result<void>(std::string_view, std::string_view)> configure =
      [](std::string_view, std::string_view) { return Result<void>(); };
  std::function<Result<Batch>(Host)> next_batch = [](Host) { return Batch{}; };
  std::function<void()> cancel = [] {};
};
inline Script script;

class Scripted {
 public:
  static std::string_view describe() { return "{}"; }
  explicit Scripted(Host host) : host_(host) { script.construct(); }
  Result<void> configure(std::string_view settings, std::string_view checkpoint) {
    return script.configure(settings, checkpoint);
  }
  Result<Batch> next_batch(const Request&) { return script.next_batch(host_); }
  void cancel() { script.cancel(); }

 private:
  Host host_;
};

// An error with room for its text, as a host allocates it.
struct RoomyError {
  explicit RoomyError(size_t capacity = 4096) : buffer(capacity, '#') {
    raw.size = sizeof raw;
    raw.text = buffer.data();
    raw.text_capacity = capacity;
  }
  std::string text() const { return buffer.substr(0, raw.text_size); }

  std::string buffer;
  connector_error raw{};
};

// One instance of Scripted, through the very functions that CONNECTOR_PLUGIN exports.
class Border {
 public:
  int32_t init() { return border::init<Scripted>(&host.table(), &instance, &error.raw); }
  int32_t configure(std::string_view settings = "{}", std::string_view checkpoint = {}) {
    const connector_configuration configuration{sizeof configuration, text(settings),
                                                text(checkpoint)};
    return border::configure<Scripted>(instance, &configuration, &error.raw);
  }
  int32_t next_batch() {
    const connector_request request{sizeof request, 100, 1 << 20, INT64_MAX};
    return next_batch(request);
  }
  // Into `batch`, which is released first.
  int32_t next_batch(const connector_request& request) {
    release();
    return border::step<Scripted>(
        instance, &request, &batch, &error.raw,
        [](Scripted& plugin, const Request& step) { return plugin.next_batch(step); });
  }
  void cancel() { border::self<Scripted>(instance)->cancel(); }
  void ready() {
    init();
    configure();
  }
  void release() {
    if (batch.release) batch.release(batch.owner);
    batch.release = nullptr;
  }
  connector_batch empty_batch() const {
    connector_batch fresh{};
    fresh.size = sizeof fresh;
    return fresh;
  }

  Border() = default;
  Border(const Border&) = delete;
  Border& operator=(const Border&) = delete;
  ~Border() {
    release();
    delete border::self<Scripted>(instance);
  }

  HostDouble host;
  connector_instance* instance = nullptr;
  RoomyError error;
  connector_batch batch = empty_batch();
};

// Every test begins with a plugin that does nothing and succeeds.
struct ScriptReset {
  ScriptReset() { script = Script(); }
};

}  // namespace connector
