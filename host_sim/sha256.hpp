// SHA-256, of pieces and of an open file.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "host_sim/plugin.hpp"

namespace host {

class Sha256 {
 public:
  Sha256();

  void add(std::string_view piece);
  // 32 bytes, of all pieces one behind the other; empty where OpenSSL offers no SHA-256. Once.
  std::string end();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const std::unique_ptr<EVP_MD_CTX, Free> context_;
  bool ok_;
};

// Lower-case hex, of the whole file whatever its offset. The error says what the system said.
Result<std::string> sha256_of(int descriptor);

}  // namespace host
