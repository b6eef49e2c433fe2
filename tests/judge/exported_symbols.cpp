#include "tests/judge/exported_symbols.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/judge/verdict.hpp"

namespace judge {
namespace {

// A file's bytes, of which nothing is believed: every access is checked against the end.
class ElfFile {
 public:
  explicit ElfFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }

  template <class T>
  T at(uint64_t offset) const {
    T value;
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof value) damaged();
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  // The NUL-terminated text at `index` of a string table.
  std::string text(const Elf64_Shdr& table, uint64_t index) const {
    if (index >= table.sh_size || table.sh_offset > bytes_.size() ||
        bytes_.size() - table.sh_offset < table.sh_size)
      damaged();
    const char* begin = bytes_.data() + table.sh_offset + index;
    return {begin, strnlen(begin, table.sh_size - index)};
  }

  [[noreturn]] static void damaged() { throw Broken("the file is no complete ELF shared object"); }

 private:
  std::string bytes_;
};

Elf64_Shdr section(const ElfFile& file, const Elf64_Ehdr& header, uint64_t index) {
  if (index >= header.e_shnum) ElfFile::damaged();
  return file.at<Elf64_Shdr>(header.e_shoff + index * sizeof(Elf64_Shdr));
}

bool is_exported(const Elf64_Sym& symbol) {
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& path) {
  const ElfFile file(path);
  const auto header = file.at<Elf64_Ehdr>(0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_shentsize != sizeof(Elf64_Shdr))
    ElfFile::damaged();
  std::vector<std::string> names;
  for (uint64_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr symbols = section(file, header, i);
    if (symbols.sh_type != SHT_DYNSYM) continue;
    const Elf64_Shdr texts = section(file, header, symbols.sh_link);
    for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= symbols.sh_size; at += sizeof(Elf64_Sym)) {
      const auto symbol = file.at<Elf64_Sym>(symbols.sh_offset + at);
      if (is_exported(symbol)) names.push_back(file.text(texts, symbol.st_name));
    }
  }
  return names;
}

}  // namespace judge
