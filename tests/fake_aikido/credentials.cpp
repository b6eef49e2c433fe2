#include "tests/fake_aikido/credentials.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {
namespace {

constexpr size_t kTokensBeforeCleaning = 10'000;

std::string base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

std::optional<std::string> from_base64(const std::string& text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const size_t padding = static_cast<size_t>(std::count(text.end() - 2, text.end(), '='));
  bytes.resize(static_cast<size_t>(size) - padding);
  return bytes;
}

std::string base64url(const std::string& bytes) {
  std::string text = base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

// In place of a signature: nobody can guess it, and no other server gives the same.
std::string unguessable() {
  std::string bytes(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), 32) != 1)
    throw std::runtime_error("no random bytes");
  return bytes;
}

std::optional<std::string> after(const std::string& text, const std::string& prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

}  // namespace

void Credentials::add(Client client) {
  const std::lock_guard lock(mutex_);
  std::string id = client.id;
  clients_.insert_or_assign(std::move(id), std::move(client));
}

void Credentials::change(const std::string& id, const std::function<void(Client&)>& how) {
  const std::lock_guard lock(mutex_);
  how(clients_.at(id));
}

std::optional<Client> Credentials::check(const std::string& id, const std::string& secret) const {
  const std::lock_guard lock(mutex_);
  const auto client = clients_.find(id);
  if (client == clients_.end() || client->second.is_revoked || client->second.secret != secret)
    return std::nullopt;
  return client->second;
}

std::string Credentials::issue(const std::string& id, int64_t now_ns, int64_t until_ns) {
  const std::lock_guard lock(mutex_);
  if (tokens_.size() >= kTokensBeforeCleaning)
    std::erase_if(tokens_, [now_ns](const auto& entry) { return entry.second.until_ns <= now_ns; });
  const nlohmann::json payload{{"iss", "fake_aikido"},
                               {"sub", id},
                               {"iat", now_ns / kSecond},
                               {"exp", until_ns / kSecond},
                               {"jti", ++issued_}};
  std::string token = base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' +
                      base64url(payload.dump()) + '.' + base64url(unguessable());
  tokens_.emplace(token, Token{id, until_ns});
  return token;
}

std::optional<Client> Credentials::bearer(const std::string& token, int64_t now_ns) const {
  const std::lock_guard lock(mutex_);
  const auto given = tokens_.find(token);
  if (given == tokens_.end() || given->second.until_ns <= now_ns) return std::nullopt;
  const auto client = clients_.find(given->second.client);
  if (client == clients_.end() || client->second.is_revoked) return std::nullopt;
  return client->second;
}

void Credentials::drop_tokens() {
  const std::lock_guard lock(mutex_);
  tokens_.clear();
}

std::optional<std::pair<std::string, std::string>> read_basic(const std::string& authorization) {
  const std::optional<std::string> encoded = after(authorization, "Basic ");
  const std::optional<std::string> plain = encoded ? from_base64(*encoded) : std::nullopt;
  const size_t colon = plain ? plain->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(plain->substr(0, colon), plain->substr(colon + 1));
}

std::optional<std::string> read_bearer(const std::string& authorization) {
  return after(authorization, "Bearer ");
}

}  // namespace fake_aikido
