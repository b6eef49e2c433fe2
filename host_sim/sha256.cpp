#include "host_sim/sha256.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace host {
namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

Sha256::Sha256()
    : context_(EVP_MD_CTX_new()),
      ok_(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1) {}

void Sha256::add(std::string_view piece) {
  ok_ = ok_ && EVP_DigestUpdate(context_.get(), piece.data(), piece.size()) == 1;
}

std::string Sha256::end() {
  std::array<char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  auto* const to = reinterpret_cast<unsigned char*>(sum.data());
  ok_ = ok_ && EVP_DigestFinal_ex(context_.get(), to, &size) == 1;
  return ok_ ? std::string(sum.data(), size) : std::string();
}

Result<std::string> sha256_of(int descriptor) {
  Sha256 digest;
  std::vector<char> part(size_t{256} << 10);
  off_t offset = 0;
  for (;;) {
    const ssize_t got = ::pread(descriptor, part.data(), part.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{Status::kInternal, std::strerror(errno)};
    if (got == 0) break;
    digest.add({part.data(), static_cast<size_t>(got)});
    offset += got;
  }
  const std::string sum = digest.end();
  if (sum.empty()) return Error{Status::kInternal, "OpenSSL offers no SHA-256 here"};
  return hex(sum);
}

}  // namespace host
