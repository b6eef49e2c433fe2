/* The layout of every struct that crosses the border, pinned for 64-bit machines. A plugin built
 * years ago meets today's host: members are appended, never inserted, widened or reordered. After
 * an append only the struct's last line here changes, and a new MEMBER line joins it. */
#include "connector_plugin.h"

_Static_assert(sizeof(void*) == 8 && sizeof(size_t) == 8, "this file pins the 64-bit layout");

#define MEMBER(type, member, offset, bytes)                                           \
  _Static_assert(offsetof(type, member) == (offset), #type "." #member " has moved"); \
  _Static_assert(sizeof(((type*)0)->member) == (bytes), #type "." #member " has another width")
#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has another size")

MEMBER(connector_text, data, 0, 8);
MEMBER(connector_text, size, 8, 8);
SIZE(connector_text, 16);

MEMBER(connector_record, data, 0, 16);
MEMBER(connector_record, id, 16, 16);
MEMBER(connector_record, event_time_ns, 32, 8);
SIZE(connector_record, 40);

MEMBER(connector_request, size, 0, 8);
MEMBER(connector_request, max_records, 8, 8);
MEMBER(connector_request, max_bytes, 16, 8);
MEMBER(connector_request, deadline_ns, 24, 8);
SIZE(connector_request, 32);

MEMBER(connector_batch, size, 0, 8);
MEMBER(connector_batch, records, 8, 8);
MEMBER(connector_batch, record_count, 16, 8);
MEMBER(connector_batch, record_stride, 24, 8);
MEMBER(connector_batch, checkpoint, 32, 16);
MEMBER(connector_batch, wait_ns, 48, 8);
MEMBER(connector_batch, wait_reason, 56, 4);
MEMBER(connector_batch, progress, 60, 4);
MEMBER(connector_batch, watermark_ns, 64, 8);
MEMBER(connector_batch, notice, 72, 16);
MEMBER(connector_batch, owner, 88, 8);
MEMBER(connector_batch, release, 96, 8);
SIZE(connector_batch, 104);

MEMBER(connector_error, size, 0, 8);
MEMBER(connector_error, wait_ns, 8, 8);
MEMBER(connector_error, wait_reason, 16, 4);
MEMBER(connector_error, http_status, 20, 4);
MEMBER(connector_error, text, 24, 8);
MEMBER(connector_error, text_capacity, 32, 8);
MEMBER(connector_error, text_size, 40, 8);
SIZE(connector_error, 48);

MEMBER(connector_configuration, size, 0, 8);
MEMBER(connector_configuration, settings, 8, 16);
MEMBER(connector_configuration, checkpoint, 24, 16);
SIZE(connector_configuration, 40);

MEMBER(connector_secret, size, 0, 8);
MEMBER(connector_secret, value, 8, 16);
MEMBER(connector_secret, generation, 24, 8);
MEMBER(connector_secret, owner, 32, 8);
SIZE(connector_secret, 40);

MEMBER(connector_host, size, 0, 8);
MEMBER(connector_host, context, 8, 8);
MEMBER(connector_host, log, 16, 8);
MEMBER(connector_host, secret_acquire, 24, 8);
MEMBER(connector_host, secret_release, 32, 8);
MEMBER(connector_host, wall_clock, 40, 8);
MEMBER(connector_host, monotonic_clock, 48, 8);
MEMBER(connector_host, random, 56, 8);
MEMBER(connector_host, metric, 64, 8);
MEMBER(connector_host, property, 72, 8);
MEMBER(connector_host, pace_acquire, 80, 8);
MEMBER(connector_host, pace_hold, 88, 8);
MEMBER(connector_host, extension, 96, 8);
SIZE(connector_host, 104);

/* The numbers that cross, pinned likewise. */
_Static_assert(CONNECTOR_ABI_VERSION == 0x00010000u, "the version");
_Static_assert(CONNECTOR_OK == 0 && CONNECTOR_ERROR_CONFIG == -1 &&
                   CONNECTOR_ERROR_CHECKPOINT == -2 && CONNECTOR_ERROR_AUTH == -3 &&
                   CONNECTOR_ERROR_TRANSIENT == -4 && CONNECTOR_ERROR_RATE_LIMITED == -5 &&
                   CONNECTOR_ERROR_PROTOCOL == -6 && CONNECTOR_ERROR_CANCELLED == -7 &&
                   CONNECTOR_ERROR_DEADLINE == -8 && CONNECTOR_ERROR_INTERNAL == -9,
               "the statuses");
_Static_assert(CONNECTOR_WAIT_NONE == 0 && CONNECTOR_WAIT_IDLE == 1 &&
                   CONNECTOR_WAIT_RATE_LIMIT == 2 && CONNECTOR_WAIT_BACKOFF == 3 &&
                   CONNECTOR_WAIT_END == 4,
               "the reasons to wait");
