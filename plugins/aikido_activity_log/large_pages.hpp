// Arrays of megabytes, in the system's large pages where it has any: on a virtual machine it may
// take ten times as long to touch their memory for the first time, page by page, as to fill it.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace aikido {

constexpr size_t kLargePage = size_t{2} << 20;

// Of whole large pages; throws std::bad_alloc. The heap would keep what it was advised.
inline void* map_large_pages(size_t size) {
  void* const mapped =
      mmap(nullptr, size + kLargePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* const begin = static_cast<char*>(mapped);
  const size_t before =
      (kLargePage - reinterpret_cast<uintptr_t>(mapped) % kLargePage) % kLargePage;
  if (before > 0) munmap(begin, before);
  munmap(begin + before + size, kLargePage - before);
  madvise(begin + before, size, MADV_HUGEPAGE);
  return begin + before;
}

// An allocator of the standard library. Below a large page the memory is the heap's.
template <class T>
struct LargePages {
  using value_type = T;

  LargePages() = default;
  template <class Other>
  LargePages(const LargePages<Other>&) {}

  static size_t mapped(size_t count) {  // 0: none
    const size_t size = count * sizeof(T);
    return size < kLargePage ? 0 : (size + kLargePage - 1) / kLargePage * kLargePage;
  }
  T* allocate(size_t count) {
    if (const size_t size = mapped(count)) return static_cast<T*>(map_large_pages(size));
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* array, size_t count) {
    if (const size_t size = mapped(count))
      munmap(array, size);
    else
      std::allocator<T>().deallocate(array, count);
  }
  friend bool operator==(const LargePages&, const LargePages&) { return true; }
};

}  // namespace aikido
