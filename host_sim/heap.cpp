// How a program's heap is kept; jemalloc reads it before main. Two arenas for all threads, none
// with a store of its own, and what is freed goes back to the system within a second: else most of
// what a host of thousands of pipelines holds would be what a worker had used once.
extern "C" {
extern const char* malloc_conf;
__attribute__((visibility("default"))) const char* malloc_conf =
    "narenas:2,tcache:false,dirty_decay_ms:1000,muzzy_decay_ms:0,background_thread:true";
}
