#include "tests/aikido_activity_log/hanging_names.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>

namespace aikido {
namespace {

struct Gate {
  std::mutex mutex;
  std::condition_variable opened;
  bool shut = false;
  int waiting = 0;
};

// A thread may still wait at it when the statics are gone.
Gate& gate() {
  static Gate& one = *new Gate;
  return one;
}

void wait_at_gate() {
  std::unique_lock lock(gate().mutex);
  ++gate().waiting;
  gate().opened.wait_for(lock, std::chrono::seconds(30), [] { return !gate().shut; });
  --gate().waiting;
}

void set_gate(bool shut) {
  const std::lock_guard lock(gate().mutex);
  gate().shut = shut;
  gate().opened.notify_all();
}

}  // namespace

HangingNames::HangingNames() { set_gate(true); }
HangingNames::~HangingNames() { set_gate(false); }

bool HangingNames::is_asked() {
  const std::lock_guard lock(gate().mutex);
  return gate().waiting > 0;
}

}  // namespace aikido

// Stands before the C library's own, for libcurl's resolver threads, too.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* name,
                                                                  const char* service,
                                                                  const addrinfo* hints,
                                                                  addrinfo** result) {
  if (name && std::string_view(name).ends_with(".hangs")) {
    aikido::wait_at_gate();
    return EAI_AGAIN;
  }
  if (name && std::string_view(name).ends_with(".unknown")) return EAI_NONAME;
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, result);
}
