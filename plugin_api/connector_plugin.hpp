// connector_plugin.hpp: C++20 above connector_plugin.h, header-only. Results instead of statuses,
// string views instead of connector_text, one guard that turns every exception into a status, and a
// macro that turns a class into the exported functions. A working plugin takes about 40 lines:
//
//   class Ticks {
//    public:
//     static std::string_view describe();                  // static JSON, see connector_describe
//     explicit Ticks(connector::Host host);
//     connector::Result<void> configure(std::string_view settings, std::string_view checkpoint);
//     connector::Result<connector::Batch> next_batch(const connector::Request& request);
//     void cancel();                                       // any thread; may be left out
//   };
//   CONNECTOR_PLUGIN(Ticks)                                // or CONNECTOR_PLUGIN_WITH_CHECK
#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connector_plugin.h"
#include "connector_result.hpp"

namespace connector {

// Never null, also where the text is: parsers and memcpy may not be given that.
inline std::string_view view(connector_text text) {
  return text.size == 0 ? std::string_view("") : std::string_view(text.data, text.size);
}
inline connector_text text(std::string_view view) { return {view.data(), view.size()}; }

// A secret on loan: keep it no longer than the call in which it was taken.
class Secret {
 public:
  Secret(const connector_host* host, connector_secret secret) : host_(host), secret_(secret) {}
  Secret(Secret&& other) noexcept
      : host_(std::exchange(other.host_, nullptr)), secret_(other.secret_) {}
  Secret& operator=(Secret&&) = delete;
  ~Secret() {
    if (host_) host_->secret_release(host_->context, &secret_);
  }
  std::string_view value() const { return view(secret_.value); }
  uint64_t generation() const { return secret_.generation; }

 private:
  const connector_host* host_;
  connector_secret secret_;
};

// The host's services. A copyable view; any thread.
class Host {
 public:
  explicit Host(const connector_host* host) : host_(host) {}

  void log(int32_t level, std::string_view line) const {
    host_->log(host_->context, level, text(line));
  }
  Result<Secret> secret(std::string_view name) const {
    connector_secret secret{};
    secret.size = sizeof secret;
    const int32_t status = host_->secret_acquire(host_->context, text(name), &secret);
    if (status != CONNECTOR_OK)
      return Error{Status::kAuth, "the host has no secret named " + std::string(name)};
    return Secret(host_, secret);
  }
  int64_t wall_clock() const { return host_->wall_clock(host_->context); }
  int64_t monotonic_clock() const { return host_->monotonic_clock(host_->context); }
  uint64_t random() const {
    uint64_t value = 0;
    host_->random(host_->context, &value, sizeof value);
    return value;
  }
  void count(std::string_view name, std::string_view labels, int64_t value) const {
    host_->metric(host_->context, CONNECTOR_METRIC_COUNTER, text(name), text(labels), value);
  }
  void gauge(std::string_view name, std::string_view labels, int64_t value) const {
    host_->metric(host_->context, CONNECTOR_METRIC_GAUGE, text(name), text(labels), value);
  }
  std::string_view property(std::string_view name) const {
    return view(host_->property(host_->context, text(name)));
  }
  // 0 and the slot is taken, or the ns to wait.
  int64_t pace_acquire(std::string_view key, int64_t interval_ns) const {
    return host_->pace_acquire(host_->context, text(key), interval_ns);
  }
  void pace_hold(std::string_view key, int64_t duration_ns) const {
    host_->pace_hold(host_->context, text(key), duration_ns);
  }

 private:
  const connector_host* host_;
};

struct Request {
  size_t max_records = 0;
  size_t max_bytes = 0;
  int64_t deadline_ns = INT64_MAX;  // on the host's monotonic clock
};

// What next_batch returns. `memory` keeps alive what the records view until the host releases it.
struct Batch {
  std::vector<connector_record> records = {};
  std::shared_ptr<const void> memory = {};
  std::string checkpoint = {};  // empty: unchanged
  Wait wait = {};
  int32_t progress = CONNECTOR_PROGRESS_UNKNOWN;
  int64_t watermark_ns = CONNECTOR_TIME_UNKNOWN;
  std::string notice = {};
};

namespace border {

// Cuts between UTF-8 characters, so that the host never sees half of one.
inline size_t cut(std::string_view text, size_t capacity) {
  if (text.size() <= capacity) return text.size();
  size_t end = capacity;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

// Fills the host's error. Allocates nothing, so it serves when memory is short, too.
inline int32_t fail(Status status, std::string_view text, const Wait& wait, int32_t http_status,
                    connector_error* to) noexcept {
  if (status == Status::kOk) status = Status::kInternal;
  if (!to || to->size < sizeof *to) return static_cast<int32_t>(status);
  to->wait_ns = wait.ns;
  to->wait_reason = wait.reason;
  to->http_status = http_status;
  to->text_size = to->text ? cut(text, to->text_capacity) : 0;
  for (size_t i = 0; i < to->text_size; ++i) {  // one line, whatever an exception's text holds
    const bool mistakes = status == Status::kConfig && text[i] == '\n';
    const bool control = static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7F;
    to->text[i] = control && !mistakes ? ' ' : text[i];
  }
  return static_cast<int32_t>(status);
}

// The one guard: nothing unwinds across the border.
template <class Body>
int32_t guarded(connector_error* error, Body&& body) noexcept {
  const auto internal = [&](std::string_view text) {
    return fail(Status::kInternal, text, {}, 0, error);
  };
  try {
    const Result<void> result = body();
    if (result) return CONNECTOR_OK;
    const Error& from = result.error();
    return fail(from.status, from.text, from.wait, from.http_status, error);
  } catch (const std::bad_alloc&) {
    return internal("out of memory");
  } catch (const std::exception& exception) {
    return internal(exception.what());
  } catch (...) {
    return internal("an exception of unknown type");
  }
}

// Hands the batch over to the host, which frees it through `release`.
inline void give(Batch&& from, connector_batch* to) {
  auto owner = std::make_unique<Batch>(std::move(from));
  to->records = owner->records.data();
  to->record_count = owner->records.size();
  to->record_stride = sizeof(connector_record);
  to->checkpoint = text(owner->checkpoint);
  to->wait_ns = owner->wait.ns;
  to->wait_reason = owner->wait.reason;
  to->progress = owner->progress;
  to->watermark_ns = owner->watermark_ns;
  to->notice = text(owner->notice);
  to->release = [](void* batch) { delete static_cast<Batch*>(batch); };
  to->owner = owner.release();
}

// An instance behind the border: the plugin's object, and the order of calls.
template <class Plugin>
class Instance {
 public:
  explicit Instance(const connector_host* host) : plugin_(Host(host)) {}

  Result<void> configure(const connector_configuration& configuration) {
    if (state_ != State::kMade) return out_of_order("connector_configure");
    state_ = State::kRefused;
    Result<void> result =
        plugin_.configure(view(configuration.settings), view(configuration.checkpoint));
    if (result) state_ = State::kConfigured;
    return result;
  }

  template <class Step>
  Result<void> step(const connector_request& from, connector_batch* to, Step&& step) {
    if (cancelled_) return Error{Status::kCancelled, "cancelled"};
    if (state_ != State::kConfigured) return out_of_order("connector_next_batch or _check");
    Result<Batch> batch =
        step(plugin_, Request{from.max_records, from.max_bytes, from.deadline_ns});
    if (!batch) return std::move(batch).error();
    give(*std::move(batch), to);
    return {};
  }

  void cancel() noexcept {
    cancelled_ = true;
    if constexpr (requires { plugin_.cancel(); }) {
      try {
        plugin_.cancel();
      } catch (...) {  // there is nobody to tell, and the instance is about to go
      }
    }
  }

 private:
  enum class State { kMade, kRefused, kConfigured };

  static Error out_of_order(const char* call) {
    return {Status::kInternal, std::string(call) + " was called out of order"};
  }

  Plugin plugin_;
  State state_ = State::kMade;
  std::atomic<bool> cancelled_ = false;
};

template <class Plugin>
Instance<Plugin>* self(connector_instance* instance) {
  return reinterpret_cast<Instance<Plugin>*>(instance);
}

template <class Plugin>
int32_t init(const connector_host* host, connector_instance** instance,
             connector_error* error) noexcept {
  return guarded(error, [&]() -> Result<void> {
    if (!host || host->size < sizeof *host || !instance)
      return Error{Status::kInternal, "the host is older than the plugin's ABI version"};
    *instance = nullptr;
    *instance =
        reinterpret_cast<connector_instance*>(std::make_unique<Instance<Plugin>>(host).release());
    return {};
  });
}

template <class Plugin>
int32_t configure(connector_instance* instance, const connector_configuration* configuration,
                  connector_error* error) noexcept {
  return guarded(error, [&]() -> Result<void> {
    if (!instance || !configuration || configuration->size < sizeof *configuration)
      return Error{Status::kInternal, "connector_configure: a struct is missing or too small"};
    return self<Plugin>(instance)->configure(*configuration);
  });
}

template <class Plugin, class Step>
int32_t step(connector_instance* instance, const connector_request* request, connector_batch* batch,
             connector_error* error, Step&& call) noexcept {
  return guarded(error, [&]() -> Result<void> {
    if (!instance || !request || request->size < sizeof *request || !batch ||
        batch->size < sizeof *batch)
      return Error{Status::kInternal, "connector_next_batch: a struct is missing or too small"};
    return self<Plugin>(instance)->step(*request, batch, call);
  });
}

}  // namespace border
}  // namespace connector

// The exported functions of a plugin class. Once, in one source file, at namespace scope.
#define CONNECTOR_PLUGIN(Class)                                                                 \
  extern "C" {                                                                                  \
  uint32_t connector_abi_version(void) { return CONNECTOR_ABI_VERSION; }                        \
  void connector_describe(connector_text* description) {                                        \
    *description = connector::text(Class::describe());                                          \
  }                                                                                             \
  int32_t connector_init(const connector_host* host, connector_instance** instance,             \
                         connector_error* error) {                                              \
    return connector::border::init<Class>(host, instance, error);                               \
  }                                                                                             \
  int32_t connector_configure(connector_instance* instance,                                     \
                              const connector_configuration* configuration,                     \
                              connector_error* error) {                                         \
    return connector::border::configure<Class>(instance, configuration, error);                 \
  }                                                                                             \
  int32_t connector_next_batch(connector_instance* instance, const connector_request* request,  \
                               connector_batch* batch, connector_error* error) {                \
    return connector::border::step<Class>(                                                      \
        instance, request, batch, error,                                                        \
        [](Class& plugin, const connector::Request& step) { return plugin.next_batch(step); }); \
  }                                                                                             \
  void connector_cancel(connector_instance* instance) {                                         \
    if (instance) connector::border::self<Class>(instance)->cancel();                           \
  }                                                                                             \
  void connector_destroy(connector_instance* instance) {                                        \
    delete connector::border::self<Class>(instance);                                            \
  }                                                                                             \
  }

// The same for a class that has `check` beside `next_batch`.
#define CONNECTOR_PLUGIN_WITH_CHECK(Class)                                                     \
  CONNECTOR_PLUGIN(Class)                                                                      \
  extern "C" int32_t connector_check(connector_instance* instance,                             \
                                     const connector_request* request, connector_batch* batch, \
                                     connector_error* error) {                                 \
    return connector::border::step<Class>(                                                     \
        instance, request, batch, error,                                                       \
        [](Class& plugin, const connector::Request& step) { return plugin.check(step); });     \
  }
