#include "host_sim/shared_object.hpp"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "host_sim/descriptor.hpp"

namespace host {
namespace {

bool read_at(int descriptor, void* to, size_t size, uint64_t from) {
  return from <= INT64_MAX &&
         ::pread(descriptor, to, size, static_cast<off_t>(from)) == static_cast<ssize_t>(size);
}

// What stands in the same place whatever the word size.
struct Machine {
  unsigned char ident[EI_NIDENT] = {};
  uint16_t type = 0;
  uint16_t machine = 0;

  bool is_of_elf() const { return std::memcmp(ident, ELFMAG, SELFMAG) == 0; }
  bool is_foreign() const;
};

Machine machine_of(int descriptor) {
  Machine machine;
  return read_at(descriptor, &machine, sizeof machine, 0) ? machine : Machine{};
}

const Machine& this_machine() {
  static const Machine machine =
      machine_of(Descriptor(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)).number());
  return machine;
}

bool Machine::is_foreign() const {
  const Machine& own = this_machine();
  return own.is_of_elf() && (ident[EI_CLASS] != own.ident[EI_CLASS] ||
                             ident[EI_DATA] != own.ident[EI_DATA] || machine != own.machine);
}

std::string machine_name(uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "x86";
    case EM_AARCH64:
      return "aarch64";
    case EM_ARM:
      return "arm";
    case EM_RISCV:
      return "riscv";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390";
    default:
      return "machine " + std::to_string(machine) + " of ELF's list";
  }
}

std::string shown(Machine machine) {
  const bool is_big = machine.ident[EI_DATA] == ELFDATA2MSB;
  if (machine.ident[EI_DATA] != this_machine().ident[EI_DATA])
    machine.machine = static_cast<uint16_t>(machine.machine << 8 | machine.machine >> 8);
  return machine_name(machine.machine) +
         (machine.ident[EI_CLASS] == ELFCLASS32 ? ", 32 bit" : ", 64 bit") +
         (is_big ? ", big-endian" : "");
}

std::string foreign(const Machine& machine) {
  return "is built for another machine (" + shown(machine) + "), and this host for " +
         shown(this_machine()) + "; build it for this machine, or install the one that is";
}

// Of a plugin there are eight; behind so many nobody looks for one.
constexpr uint64_t kMostSymbols = uint64_t{1} << 20;

// Where the dynamic symbols stand in a file, and their names. Nothing of it is trusted.
struct SymbolTable {
  uint64_t symbols_at = 0;
  uint64_t count = 0;
  uint64_t names_at = 0;
  uint64_t names_size = 0;
};

// Nothing where there are no section headers; none of a table that is not there.
std::optional<SymbolTable> symbol_table(int descriptor) {
  Elf64_Ehdr header{};
  if (!read_at(descriptor, &header, sizeof header, 0) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_shnum == 0 || header.e_shentsize != sizeof(Elf64_Shdr))
    return std::nullopt;
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  if (!read_at(descriptor, sections.data(), sections.size() * sizeof(Elf64_Shdr), header.e_shoff))
    return std::nullopt;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections.size()) continue;
    const Elf64_Shdr& names = sections[section.sh_link];
    return SymbolTable{section.sh_offset,
                       std::min(section.sh_size / sizeof(Elf64_Sym), kMostSymbols), names.sh_offset,
                       names.sh_size};
  }
  return SymbolTable{};
}

bool is_exported(const Elf64_Sym& symbol) {
  return symbol.st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) != STB_LOCAL;
}

bool is_named(int descriptor, const SymbolTable& table, const Elf64_Sym& symbol,
              const std::string& name) {
  std::array<char, 64> text;
  const size_t size = name.size() + 1;  // with its zero
  return size <= text.size() && symbol.st_name < table.names_size && table.names_at <= INT64_MAX &&
         read_at(descriptor, text.data(), size, table.names_at + symbol.st_name) &&
         std::memcmp(text.data(), name.c_str(), size) == 0;
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
  const Machine its = machine_of(descriptor);
  if (!its.is_of_elf()) return incomplete;
  if (its.is_foreign()) return foreign(its);
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return {};  // the linker knows its own
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

std::vector<std::string> not_exported(int descriptor, const std::vector<std::string>& functions) {
  const std::optional<SymbolTable> table = symbol_table(descriptor);
  if (!table) return {};
  std::vector<std::string> missing = functions;
  std::array<Elf64_Sym, 256> piece;
  for (uint64_t i = 0; i < table->count && !missing.empty(); i += piece.size()) {
    const size_t count = std::min<uint64_t>(piece.size(), table->count - i);
    if (table->symbols_at > INT64_MAX ||
        !read_at(descriptor, piece.data(), count * sizeof(Elf64_Sym),
                 table->symbols_at + i * sizeof(Elf64_Sym)))
      break;
    for (size_t j = 0; j < count; ++j)
      if (is_exported(piece[j]))
        std::erase_if(missing, [&](const std::string& name) {
          return is_named(descriptor, *table, piece[j], name);
        });
  }
  return missing;
}

}  // namespace host
