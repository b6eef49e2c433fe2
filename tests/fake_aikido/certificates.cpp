#include "tests/fake_aikido/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstring>
#include <stdexcept>

namespace fake_aikido {
namespace {

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Memory = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;

void require(bool success, const char* what) {
  if (!success) throw std::runtime_error(std::string("OpenSSL cannot make ") + what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "a key");
  return key;
}

uint64_t random_number() {
  uint64_t number = 0;
  require(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) == 1, "a number");
  return number;
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension");
}

Certificate make_certificate(EVP_PKEY* key, const std::string& name, Validity validity) {
  Certificate certificate(X509_new());
  require(certificate != nullptr, "a certificate");
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), random_number());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.until_s);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

template <class Write>
std::string pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory && write(memory.get()) == 1, "PEM text");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

std::string pem_of(X509* certificate) {
  return pem([=](BIO* to) { return PEM_write_bio_X509(to, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
  return pem([=](BIO* to) {
    return PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "" : ",") + (name.starts_with("IP:") ? name : "DNS:" + name);
  return list;
}

}  // namespace

struct CertificateAuthority::Impl {
  Key key = make_key();
  Certificate certificate;
};

CertificateAuthority::CertificateAuthority() : impl_(std::make_unique<Impl>()) {
  // Its own name, or another authority's certificates would seem to be its own, but forged.
  impl_->certificate =
      make_certificate(impl_->key.get(), "Test authority " + std::to_string(random_number()), {});
  X509* own = impl_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  require(X509_sign(own, impl_->key.get(), EVP_sha256()) > 0, "a signature");
  certificate_ = pem_of(own);
}

CertificateAuthority::~CertificateAuthority() = default;

KeyPair CertificateAuthority::issue(const std::vector<std::string>& names,
                                    Validity validity) const {
  const Key key = make_key();
  const Certificate certificate = make_certificate(key.get(), "fake_aikido", validity);
  X509* issuer = impl_->certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  extend(certificate.get(), issuer, NID_subject_alt_name, alternative_names(names));
  extend(certificate.get(), issuer, NID_ext_key_usage, "serverAuth");
  require(X509_sign(certificate.get(), impl_->key.get(), EVP_sha256()) > 0, "a signature");
  return {pem_of(certificate.get()), pem_of(key.get())};
}

}  // namespace fake_aikido
