// A plugin's exported functions, called so that neither an exception nor a crash goes unnoticed.
#pragma once

#include <string>

#include "plugin_api/connector_plugin.h"
#include "tests/judge/subject.hpp"
#include "tests/judge/verdict.hpp"

namespace judge {

// Loaded for good. Any thread.
class Library {
 public:
  // Broken when the plugin cannot be loaded with all symbols resolved, or lacks a function.
  explicit Library(const Subject& subject);

  uint32_t abi_version() const;
  connector_text describe() const;
  int32_t init(const connector_host* host, connector_instance** instance,
               connector_error* error) const;
  int32_t configure(connector_instance* instance, const connector_configuration* configuration,
                    connector_error* error) const;
  int32_t next_batch(connector_instance* instance, const connector_request* request,
                     connector_batch* batch, connector_error* error) const;
  bool has_check() const { return has_check_; }
  void cancel(connector_instance* instance) const;
  void destroy(connector_instance* instance) const;
  void release(const connector_batch& batch) const;

 private:
  // Notes which call the plugin is in, and stops what unwinds out of it.
  template <class Call>
  auto enter(const char* name, Call&& call) const;

  CallInProgress* call_;
  bool has_check_ = false;
  decltype(&connector_abi_version) abi_version_ = nullptr;
  decltype(&connector_describe) describe_ = nullptr;
  decltype(&connector_init) init_ = nullptr;
  decltype(&connector_configure) configure_ = nullptr;
  decltype(&connector_next_batch) next_batch_ = nullptr;
  decltype(&connector_cancel) cancel_ = nullptr;
  decltype(&connector_destroy) destroy_ = nullptr;
};

}  // namespace judge
