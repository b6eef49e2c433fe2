// Batches of fifty records from a plugin in a shared object, and the same from its class in this
// program: the border is what lies between. Times are per record.
#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include "tests/benchmark/fifty.hpp"

namespace benchmarks {
namespace {

using benchmark::State;

void read(const connector_record& record) {
  auto size = record.data.size + record.id.size;
  benchmark::DoNotOptimize(size);
}

void count(State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(Fifty::kRecords));
}

void in_the_program(State& state) {
  connector_host services{};
  Fifty plugin{connector::Host(&services)};
  for (auto _ : state) {
    const connector::Result<connector::Batch> batch = plugin.next_batch({});
    for (const connector_record& record : batch->records) read(record);
  }
  count(state);
}
BENCHMARK(in_the_program);

template <class Function>
Function* exported(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

void through_the_border(State& state) {
  void* library = dlopen(FIFTY_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  if (!library) return state.SkipWithError(dlerror());
  const auto next_batch = exported<decltype(connector_next_batch)>(library, "connector_next_batch");
  connector_host services{};
  services.size = sizeof services;
  connector_error error{};
  connector_instance* instance = nullptr;
  exported<decltype(connector_init)>(library, "connector_init")(&services, &instance, &error);
  const connector_configuration configuration{sizeof configuration, {}, {}};
  exported<decltype(connector_configure)>(library, "connector_configure")(instance, &configuration,
                                                                          &error);
  const connector_request request{sizeof request, 1000, 1 << 20, INT64_MAX};
  for (auto _ : state) {
    connector_batch batch{};
    batch.size = sizeof batch;
    if (next_batch(instance, &request, &batch, &error) != CONNECTOR_OK)
      return state.SkipWithError("no batch");
    const char* record = reinterpret_cast<const char*>(batch.records);
    for (size_t i = 0; i < batch.record_count; ++i, record += batch.record_stride)
      read(*reinterpret_cast<const connector_record*>(record));
    batch.release(batch.owner);
  }
  count(state);
  exported<decltype(connector_destroy)>(library, "connector_destroy")(instance);
}
BENCHMARK(through_the_border);

}  // namespace
}  // namespace benchmarks

BENCHMARK_MAIN();
