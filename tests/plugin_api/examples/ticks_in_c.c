/* A complete plugin in C99: an endless count, ten ticks a second. Start here in any language that
 * can export C functions. Its checkpoint is the text "ticks/1 NEXT." */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connector_plugin.h"

enum { kTicksPerPage = 10 };

struct connector_instance {
  const connector_host* host;
  uint64_t next;
  int configured;
  int cancelled;
};

/* One page of records with all that they view, freed at once by the batch's release. */
typedef struct page {
  connector_record records[kTicksPerPage];
  char data[kTicksPerPage][48];
  char checkpoint[48];
} page;

static connector_text text(const char* from, size_t size) {
  connector_text view;
  view.data = from;
  view.size = size;
  return view;
}

static int32_t fail(int32_t status, const char* why, connector_error* error) {
  size_t size = strlen(why); /* ASCII: may be cut anywhere */
  if (error == NULL || error->size < sizeof *error || error->text == NULL) return status;
  if (size > error->text_capacity) size = error->text_capacity;
  memcpy(error->text, why, size);
  error->text_size = size;
  return status;
}

static size_t write_checkpoint(uint64_t next, char* to, size_t capacity) {
  return (size_t)snprintf(to, capacity, "ticks/1 %" PRIu64 ".", next);
}

/* What was read must write itself again, byte for byte; so nothing damaged passes. */
static int read_checkpoint(connector_text from, uint64_t* next) {
  char copy[48] = {0}, again[48];
  if (from.size >= sizeof copy) return 0;
  memcpy(copy, from.data, from.size);
  if (strncmp(copy, "ticks/1 ", 8) != 0) return 0;
  *next = strtoull(copy + 8, NULL, 10);
  return write_checkpoint(*next, again, sizeof again) == from.size && strcmp(copy, again) == 0;
}

uint32_t connector_abi_version(void) { return CONNECTOR_ABI_VERSION; }

void connector_describe(connector_text* description) {
  static const char kDescription[] =
      "{\"name\":\"ticks_in_c\",\"version\":\"1.0.0\",\"summary\":\"An endless count\","
      "\"settings\":{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\","
      "\"properties\":{},\"additionalProperties\":false},"
      "\"secrets\":[],\"pace_key\":[],\"preview\":{},\"build\":{}}";
  *description = text(kDescription, sizeof kDescription - 1);
}

int32_t connector_init(const connector_host* host, connector_instance** instance,
                       connector_error* error) {
  if (instance == NULL) return fail(CONNECTOR_ERROR_INTERNAL, "no place for the instance", error);
  *instance = NULL;
  if (host == NULL || host->size < sizeof *host)
    return fail(CONNECTOR_ERROR_INTERNAL, "the host is older than ABI 1.0", error);
  *instance = calloc(1, sizeof **instance);
  if (*instance == NULL) return fail(CONNECTOR_ERROR_INTERNAL, "out of memory", error);
  (*instance)->host = host;
  return CONNECTOR_OK;
}

int32_t connector_configure(connector_instance* instance,
                            const connector_configuration* configuration, connector_error* error) {
  connector_text checkpoint;
  if (configuration->size < sizeof *configuration || instance->configured)
    return fail(CONNECTOR_ERROR_INTERNAL, "configure: out of order or too small", error);
  checkpoint = configuration->checkpoint;
  instance->configured = 1;
  if (checkpoint.size == 0 || read_checkpoint(checkpoint, &instance->next)) return CONNECTOR_OK;
  instance->configured = 2; /* refused: only destroy may follow */
  return fail(CONNECTOR_ERROR_CHECKPOINT,
              "the checkpoint is not one of ticks, or is damaged; reset the pipeline's state",
              error);
}

int32_t connector_next_batch(connector_instance* instance, const connector_request* request,
                             connector_batch* batch, connector_error* error) {
  page* made;
  size_t i;
  if (__atomic_load_n(&instance->cancelled, __ATOMIC_RELAXED))
    return fail(CONNECTOR_ERROR_CANCELLED, "cancelled", error);
  if (instance->configured != 1 || request->size < sizeof *request || batch->size < sizeof *batch)
    return fail(CONNECTOR_ERROR_INTERNAL, "next_batch: out of order or too small", error);
  made = calloc(1, sizeof *made);
  if (made == NULL) return fail(CONNECTOR_ERROR_INTERNAL, "out of memory", error);
  for (i = 0; i < kTicksPerPage; ++i) {
    const int size =
        snprintf(made->data[i], sizeof made->data[i], "{\"tick\":%" PRIu64 "}", instance->next++);
    made->records[i].data = text(made->data[i], (size_t)size);
    made->records[i].id = text(made->data[i] + 8, (size_t)size - 9); /* the number within */
    made->records[i].event_time_ns = instance->host->wall_clock(instance->host->context);
  }
  batch->records = made->records;
  batch->record_count = kTicksPerPage;
  batch->record_stride = sizeof(connector_record);
  batch->checkpoint = text(made->checkpoint, write_checkpoint(instance->next, made->checkpoint,
                                                              sizeof made->checkpoint));
  batch->wait_ns = 1000000000;
  batch->wait_reason = CONNECTOR_WAIT_RATE_LIMIT; /* there is always more, but not at once */
  batch->progress = CONNECTOR_PROGRESS_UNKNOWN;
  batch->watermark_ns = CONNECTOR_TIME_UNKNOWN;
  batch->owner = made;
  batch->release = free;
  return CONNECTOR_OK;
}

void connector_cancel(connector_instance* instance) {
  __atomic_store_n(&instance->cancelled, 1, __ATOMIC_RELAXED); /* no call here lasts long */
}

void connector_destroy(connector_instance* instance) { free(instance); }
