#include "host_sim/shared_object.hpp"

#include <elf.h>
#include <unistd.h>

#include <cstring>
#include <vector>

namespace host {
namespace {

bool read_at(int descriptor, void* to, size_t size, uint64_t from) {
  return from <= INT64_MAX &&
         ::pread(descriptor, to, size, static_cast<off_t>(from)) == static_cast<ssize_t>(size);
}

bool ends_within(uint64_t from, uint64_t length, uint64_t size) {
  return from <= size && length <= size - from;
}

}  // namespace

std::string flaw_of_shared_object(int descriptor, int64_t size) {
  const std::string other =
      "is no shared object; name a plugin's .so file, or copy or build this one anew";
  const std::string incomplete = "is incomplete (" + std::to_string(size) +
                                 " bytes, and its headers tell of more); copy it anew";
  Elf64_Ehdr header{};
  if (!read_at(descriptor, &header, EI_NIDENT, 0) ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return other;
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return {};
  if (!read_at(descriptor, &header, sizeof header, 0)) return incomplete;
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return other;
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (!read_at(descriptor, segments.data(), segments.size() * sizeof(Elf64_Phdr), header.e_phoff))
    return incomplete;
  for (const Elf64_Phdr& segment : segments)
    if (segment.p_type == PT_LOAD &&
        !ends_within(segment.p_offset, segment.p_filesz, static_cast<uint64_t>(size)))
      return incomplete;
  return {};
}

}  // namespace host
