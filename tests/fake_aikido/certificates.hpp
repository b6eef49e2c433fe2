// Certificates for TLS tests: a private authority, and servers that it vouches for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fake_aikido {

// PEM texts.
struct KeyPair {
  std::string certificate;
  std::string key;
};

// When a certificate is good, in seconds from now (the system's clock, which TLS clients go by).
struct Validity {
  int64_t from_s = -3600;
  int64_t until_s = 24 * 3600;
};

// Made anew for each object, so no two trust each other. Throws std::runtime_error when OpenSSL
// fails.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  // What a client is to trust.
  const std::string& certificate() const { return certificate_; }
  // For a server known by these names: host names, or addresses as "IP:127.0.0.1".
  KeyPair issue(const std::vector<std::string>& names, Validity validity = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::string certificate_;
};

}  // namespace fake_aikido
