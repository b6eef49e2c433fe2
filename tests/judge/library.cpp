#include "tests/judge/library.hpp"

#include <dlfcn.h>

#include <type_traits>

namespace judge {
namespace {

template <class Function>
void find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(handle, name));
  if (!function) throw Broken(std::string("the plugin does not export ") + name);
}

}  // namespace

template <class Call>
auto Library::enter(const char* name, Call&& call) const {
  const char* before = call_->exchange(name);  // cancel enters while another call is in progress
  try {
    if constexpr (std::is_void_v<decltype(call())>) {
      call();
      call_->store(before);
    } else {
      auto result = call();
      call_->store(before);
      return result;
    }
  } catch (...) {
    throw Broken(std::string("an exception came out of ") + name);
  }
}

Library::Library(const Subject& subject) : call_(subject.call) {
  void* handle = enter("dlopen", [&] { return dlopen(subject.plugin.c_str(), RTLD_NOW); });
  if (!handle) throw Broken(std::string("it cannot be loaded: ") + dlerror());
  find(handle, "connector_abi_version", abi_version_);
  find(handle, "connector_describe", describe_);
  find(handle, "connector_init", init_);
  find(handle, "connector_configure", configure_);
  find(handle, "connector_next_batch", next_batch_);
  find(handle, "connector_cancel", cancel_);
  find(handle, "connector_destroy", destroy_);
  has_check_ = dlsym(handle, "connector_check") != nullptr;
}

uint32_t Library::abi_version() const {
  return enter("connector_abi_version", [&] { return abi_version_(); });
}

connector_text Library::describe() const {
  return enter("connector_describe", [&] {
    connector_text text{};
    describe_(&text);
    return text;
  });
}

int32_t Library::init(const connector_host* host, connector_instance** instance,
                      connector_error* error) const {
  return enter("connector_init", [&] { return init_(host, instance, error); });
}

int32_t Library::configure(connector_instance* instance,
                           const connector_configuration* configuration,
                           connector_error* error) const {
  return enter("connector_configure", [&] { return configure_(instance, configuration, error); });
}

int32_t Library::next_batch(connector_instance* instance, const connector_request* request,
                            connector_batch* batch, connector_error* error) const {
  return enter("connector_next_batch",
               [&] { return next_batch_(instance, request, batch, error); });
}

void Library::cancel(connector_instance* instance) const {
  enter("connector_cancel", [&] { cancel_(instance); });
}

void Library::destroy(connector_instance* instance) const {
  enter("connector_destroy", [&] { destroy_(instance); });
}

void Library::release(const connector_batch& batch) const {
  if (batch.release) enter("a batch's release", [&] { batch.release(batch.owner); });
}

}  // namespace judge
