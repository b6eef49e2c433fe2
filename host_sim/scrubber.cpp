#include "host_sim/scrubber.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "host_sim/secret_forms.hpp"
#include "host_sim/secrets.hpp"

namespace host {
namespace {

constexpr size_t kShortest = 4;
constexpr std::string_view kScrubbed = "[secret]";

void replace_all(std::string& line, std::string_view form) {
  for (size_t at = line.find(form); at != std::string::npos;
       at = line.find(form, at + kScrubbed.size()))
    line.replace(at, form.size(), kScrubbed);
}

}  // namespace

Scrubber::~Scrubber() {
  for (std::string& form : forms_) OPENSSL_cleanse(form.data(), form.size());
}

void Scrubber::learn(const std::shared_ptr<const SecretValue>& secret) {
  const std::lock_guard lock(mutex_);
  if (secret->text().size() < kShortest) return;
  const auto same = [&](const auto& known) { return known->text() == secret->text(); };
  if (std::any_of(known_.begin(), known_.end(), same)) return;
  known_.push_back(secret);
  for (std::string& form : forms_of(secret->text())) forms_.push_back(std::move(form));
  std::sort(forms_.begin(), forms_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Scrubber::scrub(std::string_view line) {
  const std::lock_guard lock(mutex_);
  std::string clean(line);
  for (const std::string& form : forms_) replace_all(clean, form);
  return clean;
}

}  // namespace host
