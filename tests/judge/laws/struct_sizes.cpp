#include <algorithm>
#include <array>
#include <cstring>

#include "tests/judge/held_batch.hpp"
#include "tests/judge/instance.hpp"
#include "tests/judge/laws/laws.hpp"

namespace judge {
namespace {

constexpr unsigned char kGuard = 0xA5;
constexpr size_t kSmall = 2 * sizeof(size_t);  // the size itself, and one member

// A struct as a later version of the header might have it.
template <class Struct>
struct Later {
  Struct known{};
  std::array<unsigned char, 64> appended;

  Later() {
    known.size = sizeof *this;
    appended.fill(kGuard);
  }
  void expect_untouched(const char* name) const {
    if (std::any_of(appended.begin(), appended.end(), [](auto byte) { return byte != kGuard; }))
      throw Broken(std::string("the plugin wrote beyond the members of ") + name + " it can know");
  }
};

class StructSizes {
 public:
  explicit StructSizes(const Subject& subject) : subject_(subject), library_(subject) {}

  void larger_structs_are_served() {
    JudgeHost host(clock_, subject_.secrets, {}, subject_.seed);
    Later<connector_host> later_host;
    const size_t size = later_host.known.size;
    later_host.known = *host.table();
    later_host.known.size = size;
    Later<connector_error> error;
    connector_instance* instance = nullptr;
    if (library_.init(&later_host.known, &instance, &error.known) != CONNECTOR_OK || !instance)
      throw Broken("connector_init refused a connector_host with members appended");
    configure_and_read(instance, error);
    library_.destroy(instance);
    error.expect_untouched("connector_error");
  }

  void a_smaller_host_is_refused() {
    JudgeHost host(clock_, subject_.secrets, {}, subject_.seed);
    connector_host small = *host.table();
    small.size = kSmall;
    RoomyError error;
    connector_instance* instance = nullptr;
    const int32_t status = library_.init(&small, &instance, error.raw());
    if (instance) library_.destroy(instance);
    if (status == CONNECTOR_OK || instance)
      throw Broken(
          "connector_init took a connector_host of 16 bytes, and with it services that "
          "are not there");
  }

  void a_smaller_configuration_is_refused() {
    Instance instance(subject_, library_, clock_);
    connector_configuration small{};
    small.size = kSmall;
    RoomyError error;
    expect_refused(instance.configure(small, error.raw()), "connector_configuration");
  }

  void a_smaller_request_is_refused() {
    connector_request small{};
    small.size = kSmall;
    connector_batch batch{};
    batch.size = sizeof batch;
    RoomyError error;
    expect_refused(next_batch(small, batch, error.raw()), "connector_request");
  }

  void a_smaller_batch_is_refused_untouched() {
    connector_batch small;
    std::memset(&small, kGuard, sizeof small);
    small.size = kSmall;
    RoomyError error;
    expect_refused(next_batch(usual_request(clock_), small, error.raw()), "connector_batch");
    expect_guard(&small, kSmall, sizeof small, "connector_batch");
  }

  void a_smaller_error_is_left_alone() {
    Instance instance(subject_, library_, clock_);
    connector_error small;
    std::memset(&small, kGuard, sizeof small);
    small.size = sizeof small.size;
    connector_batch batch{};
    batch.size = sizeof batch;
    instance.next_batch(usual_request(clock_), &batch, &small);  // out of order, so it fails
    expect_guard(&small, sizeof small.size, sizeof small, "connector_error");
  }

 private:
  void configure_and_read(connector_instance* instance, Later<connector_error>& error) {
    Later<connector_configuration> configuration;
    configuration.known.settings = {subject_.settings.data(), subject_.settings.size()};
    if (library_.configure(instance, &configuration.known, &error.known) != CONNECTOR_OK)
      throw Broken("connector_configure refused a connector_configuration with members appended");
    Later<connector_request> request;
    request.known.max_records = 100;
    request.known.max_bytes = 1 << 20;
    request.known.deadline_ns = INT64_MAX;
    Later<connector_batch> batch;
    const int32_t status =
        library_.next_batch(instance, &request.known, &batch.known, &error.known);
    batch.expect_untouched("connector_batch");
    if (status == CONNECTOR_OK)
      library_.release(batch.known);
    else if (status == CONNECTOR_ERROR_INTERNAL)
      throw Broken("connector_next_batch refused structs with members appended");
  }

  int32_t next_batch(const connector_request& request, connector_batch& batch,
                     connector_error* error) {
    Instance instance(subject_, library_, clock_);
    instance.start(subject_);
    return instance.next_batch(request, &batch, error);
  }

  static void expect_refused(int32_t status, const char* name) {
    if (status != CONNECTOR_OK) return;
    throw Broken(std::string("a ") + name + " of 16 bytes was taken for a whole one");
  }

  static void expect_guard(const void* data, size_t from, size_t to, const char* name) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    if (std::all_of(bytes + from, bytes + to, [](auto byte) { return byte == kGuard; })) return;
    throw Broken(std::string("the plugin wrote beyond the size of a ") + name);
  }

  const Subject& subject_;
  const Library library_;
  JudgeClock clock_;
};

}  // namespace

std::string struct_sizes(const Subject& subject) {
  StructSizes law(subject);
  law.larger_structs_are_served();
  law.a_smaller_host_is_refused();
  law.a_smaller_configuration_is_refused();
  law.a_smaller_request_is_refused();
  law.a_smaller_batch_is_refused_untouched();
  law.a_smaller_error_is_left_alone();
  return "structs larger and smaller than known";
}

}  // namespace judge
