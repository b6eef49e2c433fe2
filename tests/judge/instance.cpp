#include "tests/judge/instance.hpp"

#include <algorithm>
#include <array>

namespace judge {
namespace {

constexpr size_t kRoom = 64 * 1024;
constexpr int64_t kHalfMinute = 30'000'000'000;

connector_text text(std::string_view from) { return {from.data(), from.size()}; }

}  // namespace

std::string status_name(int32_t status) {
  static constexpr std::array kNames = {"OK",        "CONFIG",       "CHECKPOINT", "AUTH",
                                        "TRANSIENT", "RATE_LIMITED", "PROTOCOL",   "CANCELLED",
                                        "DEADLINE",  "INTERNAL"};
  if (status <= 0 && status > -static_cast<int32_t>(kNames.size()))
    return kNames[static_cast<size_t>(-status)];
  return "the unknown status " + std::to_string(status);
}

std::string Outcome::describe() const {
  return text.empty() ? status_name(status) : status_name(status) + ": " + text;
}

connector_request usual_request(const JudgeClock& clock) {
  return {sizeof(connector_request), 1000, 1 << 20, clock.monotonic_ns() + kHalfMinute};
}

RoomyError::RoomyError() : buffer_(kRoom, '\0') {
  raw_.size = sizeof raw_;
  raw_.text = buffer_.data();
  raw_.text_capacity = buffer_.size();
}

Outcome RoomyError::outcome(int32_t status) const {
  if (status == CONNECTOR_OK) return {};
  return {status, buffer_.substr(0, std::min(raw_.text_size, kRoom)), raw_.wait_ns};
}

namespace {

// Where a law sets one, too, its own holds.
std::map<std::string, std::string> properties_of(const Subject& subject,
                                                 const Surroundings& surroundings) {
  std::map<std::string, std::string> properties = surroundings.properties;
  properties.insert(subject.properties.begin(), subject.properties.end());
  return properties;
}

}  // namespace

Instance::Instance(const Subject& subject, const Library& library, JudgeClock& clock,
                   const Surroundings& surroundings)
    : library_(library),
      host_(clock, surroundings.secrets.value_or(subject.secrets),
            properties_of(subject, surroundings), subject.seed) {
  RoomyError error;
  const int32_t status = library_.init(host_.table(), &instance_, error.raw());
  if (status != CONNECTOR_OK)
    throw Broken("connector_init failed: " + error.outcome(status).describe());
  if (!instance_) throw Broken("connector_init succeeded without an instance");
}

Instance::~Instance() {
  if (instance_) library_.destroy(instance_);
}

Outcome Instance::configure(std::string_view settings, std::string_view checkpoint) {
  const connector_configuration configuration{sizeof configuration, text(settings),
                                              text(checkpoint)};
  RoomyError error;
  return error.outcome(configure(configuration, error.raw()));
}

void Instance::start(const Subject& subject, std::string_view checkpoint) {
  const Outcome outcome = configure(subject.settings, checkpoint);
  if (!outcome.ok())
    throw Broken("connector_configure refused the given settings: " + outcome.describe());
}

Outcome Instance::next_batch(connector_batch& batch) {
  batch = {};
  batch.size = sizeof batch;
  RoomyError error;
  const connector_request request = usual_request(host_.clock());
  return error.outcome(next_batch(request, &batch, error.raw()));
}

int32_t Instance::configure(const connector_configuration& configuration, connector_error* error) {
  const int32_t status = library_.configure(instance_, &configuration, error);
  expect_no_loans("connector_configure");
  return status;
}

int32_t Instance::next_batch(const connector_request& request, connector_batch* batch,
                             connector_error* error) {
  const int32_t status = library_.next_batch(instance_, &request, batch, error);
  expect_no_loans("connector_next_batch");
  return status;
}

void Instance::cancel() { library_.cancel(instance_); }

void Instance::expect_no_loans(const char* call) const {
  if (host_.loans() == 0) return;
  throw Broken(std::string(call) + " returned and kept " + std::to_string(host_.loans()) +
               " secret(s) on loan; release each before the call ends");
}

}  // namespace judge
