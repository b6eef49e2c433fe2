// The heap of a program with thousands of pipelines is jemalloc's: in glibc's, what each of them
// uses for a moment leaves holes between what stays, and to look through those, or to give them
// back, takes a third of an idle poll.

// Two heaps for all threads, or most of the memory would be what a thread had used once; what is
// free goes back after a second. Read by jemalloc before main, so by this very name.
extern "C" {
__attribute__((visibility("default"))) extern const char* const malloc_conf;
const char* const malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
