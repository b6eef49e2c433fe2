/* Plugins that a host must refuse, by what is defined:
 *   PLUGIN_NAME      what it calls itself
 *   ABI_VERSION      the version that it needs
 *   DESCRIPTION      all that it says of itself
 *   SETTINGS         the schema of its settings
 *   WITHOUT_CANCEL   leaves out a function
 *   UNRESOLVED       calls one that is nowhere */
#include <string.h>

#include "connector_plugin.h"

#ifndef ABI_VERSION
#define ABI_VERSION CONNECTOR_ABI_VERSION
#endif
#ifndef SETTINGS
#define SETTINGS "{}"
#endif
#ifndef DESCRIPTION
#define DESCRIPTION                        \
  "{\"name\":\"" PLUGIN_NAME               \
  "\",\"version\":\"1\",\"summary\":\"s\"" \
  ",\"settings\":" SETTINGS "}"
#endif

uint32_t connector_abi_version(void) { return ABI_VERSION; }

void connector_describe(connector_text* description) {
  static const char kText[] = DESCRIPTION;
  description->data = kText;
  description->size = strlen(kText);
}

#ifdef UNRESOLVED
int32_t function_that_is_nowhere(void);
#endif

int32_t connector_init(const connector_host* host, connector_instance** instance,
                       connector_error* error) {
  (void)host, (void)error;
  *instance = NULL;
#ifdef UNRESOLVED
  return function_that_is_nowhere();
#else
  return CONNECTOR_ERROR_INTERNAL;
#endif
}

int32_t connector_configure(connector_instance* instance,
                            const connector_configuration* configuration, connector_error* error) {
  (void)instance, (void)configuration, (void)error;
  return CONNECTOR_ERROR_INTERNAL;
}

int32_t connector_next_batch(connector_instance* instance, const connector_request* request,
                             connector_batch* batch, connector_error* error) {
  (void)instance, (void)request, (void)batch, (void)error;
  return CONNECTOR_ERROR_INTERNAL;
}

#ifndef WITHOUT_CANCEL
void connector_cancel(connector_instance* instance) { (void)instance; }
#endif

void connector_destroy(connector_instance* instance) { (void)instance; }
