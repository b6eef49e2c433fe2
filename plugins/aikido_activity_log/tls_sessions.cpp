#include "plugins/aikido_activity_log/tls_sessions.hpp"

#include <array>
#include <map>
#include <mutex>

namespace aikido {
namespace {

// By what of a share is used: libcurl holds several at once.
using Mutexes = std::array<std::mutex, CURL_LOCK_DATA_LAST>;

void lock(CURL*, curl_lock_data what, curl_lock_access, void* mutexes) {
  static_cast<Mutexes*>(mutexes)->at(what).lock();
}

void unlock(CURL*, curl_lock_data what, void* mutexes) {
  static_cast<Mutexes*>(mutexes)->at(what).unlock();
}

// Never destroyed, and with it its mutexes.
CURLSH* make_share() {
  CURLSH* const share = curl_share_init();
  if (!share) return nullptr;
  curl_share_setopt(share, CURLSHOPT_LOCKFUNC, lock);
  curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, unlock);
  curl_share_setopt(share, CURLSHOPT_USERDATA, new Mutexes);
  curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  return share;
}

}  // namespace

CURLSH* shared_tls_sessions(const std::string& bundle) {
  static auto& mutex = *new std::mutex;
  static auto& shares = *new std::map<std::string, CURLSH*>;
  const std::lock_guard lock(mutex);
  CURLSH*& share = shares[bundle];
  if (!share) share = make_share();
  return share;
}

}  // namespace aikido
