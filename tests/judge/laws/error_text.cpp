#include <functional>

#include "tests/judge/black_hole.hpp"
#include "tests/judge/clean_text.hpp"
#include "tests/judge/guarded_error.hpp"
#include "tests/judge/held_batch.hpp"
#include "tests/judge/instance.hpp"
#include "tests/judge/laws/laws.hpp"

namespace judge {
namespace {

constexpr size_t kLargestRoom = 16 * 1024;
constexpr size_t kCapacities[] = {0, 1, 16, 61, kLargestRoom};
constexpr int kSteps = 50;  // read at most until something fails
// Nobody's secret: quotes, spaces and signs that an escaped copy of it would change.
constexpr const char* kCanary = "judge\"canary/+ 4c1f9e%27a0==";

class ErrorText {
 public:
  explicit ErrorText(const Subject& subject) : subject_(subject), library_(subject) {
    for (const auto& [name, value] : subject.secrets) canaries_[name] = kCanary;
  }

  std::string judge() {
    for (const size_t capacity : kCapacities) {
      out_of_order(capacity);
      refused_checkpoint(capacity);
      refused_settings(capacity);
      if (!subject_.secrets.empty()) reading(capacity, "without a secret", {.secrets = none_});
      reading(capacity, "with a dead proxy", {.properties = {{"proxy", dead_url()}}});
    }
    // A wrong secret costs the service a failed login, so it is tried twice and no more.
    if (!subject_.secrets.empty())
      for (const size_t capacity : {size_t{16}, kLargestRoom})
        reading(capacity, "with a wrong secret", {.secrets = canaries_});
    return std::to_string(errors_) + " errors in buffers of 0 to " + std::to_string(kLargestRoom) +
           " bytes";
  }

 private:
  void out_of_order(size_t capacity) {
    Instance instance(subject_, library_, clock_);
    next_batch(instance, capacity, "of a call out of order");
  }

  void refused_checkpoint(size_t capacity) {
    configure(subject_.settings, "\x01 no checkpoint", capacity, "of a refused checkpoint");
  }

  void refused_settings(size_t capacity) {
    configure("[\x01\n\"\xC3", "", capacity, "of settings that are no JSON");
    for (const BadSettings& bad : subject_.bad_settings)
      configure(bad.settings, "", capacity, "of " + bad.settings);
  }

  // Until the first error, if there is one in these surroundings.
  void reading(size_t capacity, const std::string& how, const Surroundings& surroundings) {
    Instance instance(subject_, library_, clock_, surroundings);
    instance.start(subject_);
    for (int i = 0; i < kSteps; ++i)
      if (next_batch(instance, capacity, how) != CONNECTOR_OK) break;
    for (const std::string& line : instance.host().said()) expect_no_secret(line, "a line logged ");
  }

  void configure(const std::string& settings, const std::string& checkpoint, size_t capacity,
                 const std::string& what) {
    Instance instance(subject_, library_, clock_);
    GuardedError error(capacity);
    const connector_configuration configuration{sizeof configuration,
                                                {settings.data(), settings.size()},
                                                {checkpoint.data(), checkpoint.size()}};
    examine(instance.configure(configuration, error.raw()), error, capacity, what);
  }

  int32_t next_batch(Instance& instance, size_t capacity, const std::string& what) {
    GuardedError error(capacity);
    connector_batch batch{};
    batch.size = sizeof batch;
    const int32_t status = instance.next_batch(usual_request(clock_), &batch, error.raw());
    if (status == CONNECTOR_OK) {
      clock_.skip(batch.wait_ns);
      HeldBatch(library_, batch, 1);
    }
    examine(status, error, capacity, what);
    return status;
  }

  void examine(int32_t status, const GuardedError& error, size_t capacity,
               const std::string& what) {
    const std::string text = error.text();
    if (status == CONNECTOR_OK) return;
    ++errors_;
    const std::string which = "the error's text " + what + " ";
    if (capacity == kLargestRoom && text.empty()) throw Broken(which + "is empty");
    if (!is_utf8(text))
      throw Broken(which + "is not UTF-8 in a buffer of " + std::to_string(capacity) + " bytes");
    const bool clean =
        status == CONNECTOR_ERROR_CONFIG ? are_clean_lines(text) : is_clean_line(text);
    if (!clean) throw Broken(which + "is not one line without control characters");
    expect_no_secret(text, which);
  }

  void expect_no_secret(const std::string& text, const std::string& where) {
    for (const auto& secrets : {subject_.secrets, canaries_})
      if (const auto name = secret_in(text, secrets))
        throw Broken(where + "holds the secret " + *name);
  }

  const Subject& subject_;
  const Library library_;
  JudgeClock clock_;
  const std::map<std::string, std::string> none_;
  std::map<std::string, std::string> canaries_;
  size_t errors_ = 0;
};

}  // namespace

std::string error_text(const Subject& subject) { return ErrorText(subject).judge(); }

}  // namespace judge
