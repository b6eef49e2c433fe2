/* connector_plugin.h: the C ABI between an input plugin and its host. Version 1.0-draft.
 *
 * A plugin is a shared object that exports the functions declared at the end of this file, and no
 * other defined dynamic symbol. A host loads it, asks what it is, gives it services, settings and
 * the last committed checkpoint, and then calls it for one batch of records after another:
 *
 *   connector_abi_version -> connector_describe            nothing is created, any thread
 *   connector_init -> connector_configure                  one instance per pipeline
 *   connector_next_batch, connector_next_batch, ...        the host writes, commits, releases
 *   connector_cancel (optional, any thread) -> connector_destroy
 *
 * THREADS. Calls on one instance are serialised by the host but may come from different threads.
 * Instances run concurrently. Only connector_cancel, a batch's release, and the functions without
 * an instance may be called at any moment from any thread.
 *
 * STRUCTS. A struct that crosses begins with its `size` in bytes, set by whoever allocates it; the
 * other side touches no member that lies beyond that size. Members are appended, never inserted or
 * changed. An array carries a stride instead. connector_text is a value and never grows.
 *
 * TEXT is UTF-8 as pointer and length, not NUL-terminated. {NULL, 0} is the empty text.
 *
 * TIME. Wall-clock times are nanoseconds since 1970-01-01T00:00:00Z, durations are nanoseconds. A
 * plugin reads the host's clocks alone, never the system's, so that a host can simulate time.
 *
 * FAILURE. Nothing unwinds across the border: no exception, no longjmp. A function that can fail
 * returns a status, and fills the caller's connector_error. A plugin keeps no file, reads no
 * environment, and never sleeps: it returns how long to wait, and the host schedules.
 */
#ifndef CONNECTOR_PLUGIN_H
#define CONNECTOR_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CONNECTOR_EXPORT __attribute__((visibility("default")))
#elif defined(_WIN32)
#define CONNECTOR_EXPORT __declspec(dllexport)
#else
#define CONNECTOR_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define CONNECTOR_ABI_MAJOR 1u
#define CONNECTOR_ABI_MINOR 0u
#define CONNECTOR_ABI_VERSION ((CONNECTOR_ABI_MAJOR << 16) | CONNECTOR_ABI_MINOR)

/* ---- Status: what the host is to do --------------------------------------------------------- */

#define CONNECTOR_OK 0
/* The settings are wrong, or the service says so (400, 404, 422). The host stops the pipeline and
 * tells. The error's text has one line per mistake, each "/json/pointer: what is wrong, and the
 * remedy"; the pointer is into the settings. */
#define CONNECTOR_ERROR_CONFIG (-1)
/* The checkpoint is damaged, of a later version, or belongs to something else. The host stops the
 * pipeline and tells; it never starts afresh silently. */
#define CONNECTOR_ERROR_CHECKPOINT (-2)
/* The service refused the secret or a permission. The host asks for the secret again: if it was
 * rotated, the call is repeated once at once, else the pipeline stops. */
#define CONNECTOR_ERROR_AUTH (-3)
/* Network trouble or a fault of the service. The host retries after the error's wait. */
#define CONNECTOR_ERROR_TRANSIENT (-4)
/* The service demands a slower pace. The host retries after the error's wait. */
#define CONNECTOR_ERROR_RATE_LIMITED (-5)
/* The service answered something that it should not. Retried; five in a row stop the pipeline. */
#define CONNECTOR_ERROR_PROTOCOL (-6)
/* connector_cancel was called. */
#define CONNECTOR_ERROR_CANCELLED (-7)
/* The request's deadline passed. Retried. */
#define CONNECTOR_ERROR_DEADLINE (-8)
/* A fault of the plugin, or a call out of order. Any other negative status means this one. */
#define CONNECTOR_ERROR_INTERNAL (-9)

/* ---- Values --------------------------------------------------------------------------------- */

typedef struct connector_text {
  const char* data; /* UTF-8, not NUL-terminated; may be NULL when size is 0 */
  size_t size;      /* bytes */
} connector_text;

#define CONNECTOR_TIME_UNKNOWN INT64_MIN
#define CONNECTOR_PROGRESS_UNKNOWN (-1)

/* Why a plugin wants to wait. */
#define CONNECTOR_WAIT_NONE 0       /* wait_ns is 0: more is ready, call again */
#define CONNECTOR_WAIT_IDLE 1       /* caught up: nothing to ask before the wait is over */
#define CONNECTOR_WAIT_RATE_LIMIT 2 /* there is work, the pace allows it after the wait */
#define CONNECTOR_WAIT_BACKOFF 3    /* something failed, try again after the wait */
#define CONNECTOR_WAIT_END 4        /* nothing will ever follow; wait_ns is 0 */

/* One record. Views into the batch's memory, valid until the batch is released. */
typedef struct connector_record {
  connector_text data;   /* one valid JSON object (RFC 8259) on one line: no raw newline */
  connector_text id;     /* the same whenever the record is read again; as the service's JSON token,
                            so 77 and "77" differ. Never empty. */
  int64_t event_time_ns; /* when it happened, or CONNECTOR_TIME_UNKNOWN */
} connector_record;

/* What a batch may be like. Allocated and filled by the host. */
typedef struct connector_request {
  size_t size;
  size_t max_records;  /* soft: what the service sent as one page is never split */
  size_t max_bytes;    /* soft, as above */
  int64_t deadline_ns; /* on the host's monotonic clock: return by then. INT64_MAX: none */
} connector_request;

/* One batch. The host allocates it, sets `size` and zeroes the rest; the plugin fills it.
 *
 * The checkpoint travels with the batch. It means "resume after this batch", and the host commits
 * it only when this batch and all before it are durable in the output. For every checkpoint C ever
 * returned, configuring a new instance with C and reading on gives exactly the records after C. */
typedef struct connector_batch {
  size_t size;
  const connector_record* records; /* the first; the next lies record_stride bytes further on */
  size_t record_count;             /* may be 0, with or without a new checkpoint */
  size_t record_stride;            /* sizeof(connector_record) as the plugin knows it */
  connector_text checkpoint;       /* opaque, versioned bytes, below 4 MiB. Empty: unchanged */
  int64_t wait_ns;                 /* call again after this, 0 or more */
  int32_t wait_reason;             /* CONNECTOR_WAIT_... */
  int32_t progress;                /* of a backfill: 0..10000, or CONNECTOR_PROGRESS_UNKNOWN */
  int64_t watermark_ns;  /* everything before it that can still be expected is delivered, this batch
                            included; or CONNECTOR_TIME_UNKNOWN */
  connector_text notice; /* one line for the pipeline's health while it holds ("late sweeps use 95 %
                            of the pace"), or empty */
  void* owner;           /* for release; the host does not look into it */
  /* Frees all that the batch views, the checkpoint and the notice included. Called exactly once
   * after CONNECTOR_OK, from any thread, in any order, with several batches in flight; before
   * connector_destroy. May be NULL when there is nothing to free. */
  void (*release)(void* owner);
} connector_batch;

/* One error. The host allocates it and the text buffer, sets `size`, `text` and `text_capacity`,
 * and zeroes the rest; it stays the host's. The status itself is the function's result. */
typedef struct connector_error {
  size_t size;
  int64_t wait_ns;      /* retry after this; 0: as the host sees fit */
  int32_t wait_reason;  /* CONNECTOR_WAIT_... */
  int32_t http_status;  /* of the answer that failed, or 0 */
  char* text;           /* what failed, where and the remedy, in one line (CONFIG: one a mistake) */
  size_t text_capacity; /* bytes of the buffer; a longer text is cut between characters */
  size_t text_size;     /* bytes written, without any terminator */
} connector_error;

/* What an instance starts from. Borrowed for the call. */
typedef struct connector_configuration {
  size_t size;
  connector_text settings;   /* a JSON object that the host has checked against the schema */
  connector_text checkpoint; /* the last committed one, byte for byte; empty on a first run */
} connector_configuration;

/* A secret on loan. The plugin sets `size` and zeroes the rest, and gives the loan back with
 * secret_release before the call in which it was taken returns. */
typedef struct connector_secret {
  size_t size;
  connector_text value;
  uint64_t generation; /* changes when the secret is rotated */
  void* owner;         /* the host's */
} connector_secret;

/* ---- Host services -------------------------------------------------------------------------- */

#define CONNECTOR_LOG_DEBUG 0
#define CONNECTOR_LOG_INFO 1
#define CONNECTOR_LOG_WARNING 2
#define CONNECTOR_LOG_ERROR 3

#define CONNECTOR_METRIC_COUNTER 0 /* value is added */
#define CONNECTOR_METRIC_GAUGE 1   /* value replaces the last one */

/* Given to connector_init, alive until connector_destroy returns. Every function may be called from
 * any thread, with `context` as its first argument, from within a call on the instance, and never
 * blocks on the network. None is NULL, but for members beyond `size`. */
typedef struct connector_host {
  size_t size;
  void* context;

  /* One line for the host's log. Never a secret. Copied before it returns. */
  void (*log)(void* context, int32_t level, connector_text line);

  /* Lends the secret of that name (one of the description's `secrets`). CONNECTOR_OK, or
   * CONNECTOR_ERROR_AUTH when there is none to be had. */
  int32_t (*secret_acquire)(void* context, connector_text name, connector_secret* secret);
  void (*secret_release)(void* context, connector_secret* secret);

  int64_t (*wall_clock)(void* context);      /* ns since 1970; may jump */
  int64_t (*monotonic_clock)(void* context); /* ns since anything; never runs back */

  /* Fills `size` bytes: from the operating system, or from a seed where time is simulated. */
  void (*random)(void* context, void* bytes, size_t size);

  /* `name` is snake_case with its unit ("requests_total"); `labels` is empty or
   * "key=value,key=value".
   * The host knows some gauges and shows where a plugin is by them, all of them optional. It keeps
   * their last values with each checkpoint that it commits, so tell them before the batch is
   * returned. Times are seconds since 1970.
   *   range_start_timestamp_seconds  label range=NAME: a span of time that is read from its start
   *   range_done_timestamp_seconds   the same label: read to here
   *   range_end_timestamp_seconds    the same label: read to here in the end; not told of a range
   *                                  that follows the present. A range that ends is a backfill
   *   late_sweep_timestamp_seconds   when the last complete look for late records began
   *   remembered_ids                 records that are remembered, lest they are delivered twice
   *   poll_interval_seconds          between two looks for new records
   *   records_per_request            the most that one request brings */
  void (*metric)(void* context, int32_t kind, connector_text name, connector_text labels,
                 int64_t value);

  /* A property of the host by name; empty when it has none. Valid until connector_destroy returns.
   *   ca_bundle   path of a PEM file of trusted certificate authorities
   *   proxy, user_agent  URL of the proxy to use, empty: none; what to call oneself
   *   ca_bundle_setting, proxy_setting  how an operator of this host sets those, in the words of an
   *               error's remedy, such as a variable's name; also where they are not set
   *   run_once    "1" when the host ends at the first CONNECTOR_WAIT_IDLE
   *   log_level   "debug" where lines of CONNECTOR_LOG_DEBUG are read; else none need be made */
  connector_text (*property)(void* context, connector_text name);

  /* The shared pace: at most one slot per `interval_ns` and key, over all instances of the host and
   * over its restarts. Returns 0 and takes the slot, or the ns to wait and takes nothing. */
  int64_t (*pace_acquire)(void* context, connector_text key, int64_t interval_ns);
  /* No slot of that key for `duration_ns` from now (a Retry-After). */
  void (*pace_hold)(void* context, connector_text key, int64_t duration_ns);

  /* Growth without a new version: a table named "name/revision", or NULL. */
  const void* (*extension)(void* context, connector_text name);
} connector_host;

typedef struct connector_instance connector_instance; /* the plugin's, opaque */

/* ---- What a plugin exports ------------------------------------------------------------------ */

/* The version that the plugin needs: major << 16 | minor. The host refuses a plugin whose major
 * differs from its own or whose minor exceeds it. Any thread; never fails. */
CONNECTOR_EXPORT uint32_t connector_abi_version(void);

/* What the plugin is: a static JSON object, the same at every call. Any thread; never fails.
 *   name      what manifests call it, and its file without ".so"
 *   version   of the plugin, semantic
 *   summary   one line
 *   settings  JSON Schema (draft 7) of the settings object, with a description on each
 *   secrets   array of {"name", "description", "required"}
 *   pace_key  array of the settings that make up the key of the pace
 *   preview   JSON merge patch (RFC 7396) onto the settings, for a quick look
 *   build     object: library name -> version */
CONNECTOR_EXPORT void connector_describe(connector_text* description);

/* Makes an instance. `host` stays valid until connector_destroy returns. Opens nothing and sends
 * nothing. On failure *instance is NULL, and there is nothing to destroy. */
CONNECTOR_EXPORT int32_t connector_init(const connector_host* host, connector_instance** instance,
                                        connector_error* error);

/* Once, directly after connector_init. Checks settings and checkpoint and names all mistakes at
 * once; sends nothing. CONFIG or CHECKPOINT on failure, and then only connector_destroy follows. */
CONNECTOR_EXPORT int32_t connector_configure(connector_instance* instance,
                                             const connector_configuration* configuration,
                                             connector_error* error);

/* One step: at most one request to the service, at most one page of records. Returns CONNECTOR_OK
 * and a batch (of 0 records when there is only a wait to tell, or a new checkpoint), or a failure
 * and an error. After a failure other than CANCELLED the same step may be tried again; what was
 * delivered stays delivered. */
CONNECTOR_EXPORT int32_t connector_next_batch(connector_instance* instance,
                                              const connector_request* request,
                                              connector_batch* batch, connector_error* error);

/* Optional. A live test that changes nothing, in place of connector_next_batch on a configured
 * instance. Called again and again, after each wait, until the reason is CONNECTOR_WAIT_END. The
 * records are steps: {"step": name, "ok": true or false, "detail": what was seen, "remedy": what to
 * do, empty when ok}. A step that fails is no failure of the function. */
CONNECTOR_EXPORT int32_t connector_check(connector_instance* instance,
                                         const connector_request* request, connector_batch* batch,
                                         connector_error* error);

/* Sticky and never blocks; any thread, while another is inside a call. A running call returns
 * CANCELLED within 250 ms in every phase (name resolution, connection, TLS, body), or its result if
 * it was done; a call that another thread was about to make returns CANCELLED. Afterwards only
 * connector_destroy is legal. */
CONNECTOR_EXPORT void connector_cancel(connector_instance* instance);

/* Frees the instance. No call is running and every batch has been released. */
CONNECTOR_EXPORT void connector_destroy(connector_instance* instance);

#ifdef __cplusplus
}
#endif

#endif /* CONNECTOR_PLUGIN_H */
