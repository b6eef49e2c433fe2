#include "plugins/aikido_activity_log/ca_store.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <map>
#include <memory>
#include <mutex>

namespace aikido {
namespace {

using Store = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;

// Names the default places itself: OpenSSL's own loader would read the environment.
bool load(X509_STORE* store, const std::string& bundle) {
  if (!bundle.empty()) return X509_STORE_load_file(store, bundle.c_str()) == 1;
  const bool file = X509_STORE_load_file(store, X509_get_default_cert_file()) == 1;
  const bool folder = X509_STORE_load_path(store, X509_get_default_cert_dir()) == 1;
  return file || folder;
}

}  // namespace

Result<X509_STORE*> shared_ca_store(const std::string& bundle) {
  // Never destroyed: a connection on another thread may outlive the statics of this one.
  static auto& mutex = *new std::mutex;
  static auto& stores = *new std::map<std::string, Store>;
  const std::lock_guard lock(mutex);
  if (const auto known = stores.find(bundle); known != stores.end()) return known->second.get();
  Store store(X509_STORE_new(), X509_STORE_free);
  const bool loaded = store && load(store.get(), bundle);
  ERR_clear_error();
  if (!loaded)
    return Error{Status::kTransient,
                 "the certificate authorities cannot be read from " +
                     (bundle.empty() ? std::string(X509_get_default_cert_dir()) : bundle)};
  return stores.emplace(bundle, std::move(store)).first->second.get();
}

}  // namespace aikido
