#include "host_sim/sha256.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace host {
namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

std::string hex(const unsigned char* bytes, size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

}  // namespace

Result<std::string> sha256_of(int descriptor) {
  const Error unavailable{Status::kInternal, "OpenSSL offers no SHA-256 here"};
  const Digest digest(EVP_MD_CTX_new());
  if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1) return unavailable;
  std::vector<char> part(size_t{256} << 10);
  off_t offset = 0;
  for (;;) {
    const ssize_t got = ::pread(descriptor, part.data(), part.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{Status::kInternal, std::strerror(errno)};
    if (got == 0) break;
    if (EVP_DigestUpdate(digest.get(), part.data(), static_cast<size_t>(got)) != 1)
      return unavailable;
    offset += got;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(digest.get(), sum.data(), &size) != 1) return unavailable;
  return hex(sum.data(), size);
}

}  // namespace host
