#include "host_sim/scrubber.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "host_sim/plain_text.hpp"
#include "host_sim/secret_forms.hpp"
#include "host_sim/secrets.hpp"
#include "plugin_api/hidden_text.hpp"

namespace host {
namespace {

constexpr size_t kShortest = 4;
constexpr std::string_view kScrubbed = "[secret]";
constexpr size_t kLongestName = 256;
constexpr size_t kMostNames = 1000;

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
  clean_names_.clear();
}

std::string Scrubber::scrub(std::string_view line) {
  const std::lock_guard lock(mutex_);
  return connector::hide(line, forms_, kScrubbed);
}

std::string Scrubber::clean_name(std::string_view name) {
  if (name.empty()) return {};  // most series have no labels
  const std::lock_guard lock(mutex_);
  const auto known = clean_names_.find(name);
  if (known != clean_names_.end()) return known->second;
  std::string clean = one_line(cut(connector::hide(name, forms_, kScrubbed), kLongestName));
  if (name.size() <= kLongestName && clean_names_.size() < kMostNames)
    clean_names_.emplace(name, clean);
  return clean;
}

}  // namespace host
