// Who may ask: client ids with their secrets, and the tokens that were given to them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "tests/fake_aikido/organisation.hpp"

namespace fake_aikido {

struct Client {
  std::string id = "AIK_CLIENT_test";
  std::string secret = "AIK_SECRET_test";
  std::string workspace = "workspace";  // shares one quota
  bool is_public = false;               // made for the three-legged flow: gets no token
  bool may_read_reports = true;         // has the scope reports:read
  bool is_revoked = false;
  std::shared_ptr<Organisation> organisation = {};  // none: the server's
};

// Any thread.
class Credentials {
 public:
  void add(Client client);
  // Rotates a secret, takes a scope away, revokes. Tokens given before stay good, as real ones do.
  void change(const std::string& id, const std::function<void(Client&)>& how);

  // Nothing unless both fit and the client is not revoked.
  std::optional<Client> check(const std::string& id, const std::string& secret) const;

  // A fresh token in the form of a JWT, good until `until_ns` on the stand-in's clock.
  std::string issue(const std::string& id, int64_t now_ns, int64_t until_ns);
  // Whom it was given to. Nothing for one that is expired, foreign, or of a revoked client.
  std::optional<Client> bearer(const std::string& token, int64_t now_ns) const;
  void drop_tokens();

 private:
  struct Token {
    std::string client;
    int64_t until_ns;
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Client> clients_;
  std::unordered_map<std::string, Token> tokens_;
  uint64_t issued_ = 0;
};

// The two halves of "Basic base64(id:secret)"; nothing where the text is none.
std::optional<std::pair<std::string, std::string>> read_basic(const std::string& authorization);
// The token of "Bearer token".
std::optional<std::string> read_bearer(const std::string& authorization);

}  // namespace fake_aikido
