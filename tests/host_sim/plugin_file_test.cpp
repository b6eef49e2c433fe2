// What is found out about a plugin's file before anything of it runs.
#include "host_sim/plugin_file.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>

#include "host_sim/plugin_loader.hpp"
#include "tests/support/files.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;
using test_support::read_file;
using test_support::TemporaryFolder;
using test_support::write_file;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

std::string reason_against(const fs::path& file) {
  const auto plugin = load_plugin(file);
  return plugin ? "was loaded" : plugin.error().text;
}

TEST(PluginSymbols, OfWhatIsNoPluginAreReadAndItIsNotLoaded) {
  EXPECT_THAT(reason_against(fs::path(REFUSED_PLUGINS) / "foreign.so"),
              HasSubstr("foreign.so is no plugin: it lacks connector_abi_version, "
                        "connector_describe, connector_init, connector_configure, "
                        "connector_next_batch, connector_cancel, connector_destroy; "));
  EXPECT_EQ(std::getenv("FOREIGN_WAS_LOADED"), nullptr);
}

TEST(PluginSymbols, TellTheOneThatIsMissing) {
  EXPECT_THAT(reason_against(fs::path(REFUSED_PLUGINS) / "without_cancel.so"),
              HasSubstr("without_cancel.so is no plugin: it lacks connector_cancel; "));
}

// Whatever its headers claim, nothing is read that is not there, and nothing is taken for there.
class HostileFile : public testing::Test {
 protected:
  template <class Part>
  Part part_at(size_t at) const {
    Part part;
    std::memcpy(&part, bytes_.data() + at, sizeof part);
    return part;
  }
  template <class Part>
  std::string reason_with(size_t at, const Part& part) {
    std::string bytes = bytes_;
    std::memcpy(bytes.data() + at, &part, sizeof part);
    const fs::path file = folder_ / ("case" + std::to_string(cases_++) + ".so");
    write_file(file, bytes);
    return reason_against(file);
  }
  size_t symbols_header() const {
    const auto header = part_at<Elf64_Ehdr>(0);
    for (size_t i = 0, at = header.e_shoff; i < header.e_shnum; ++i, at += sizeof(Elf64_Shdr))
      if (part_at<Elf64_Shdr>(at).sh_type == SHT_DYNSYM) return at;
    ADD_FAILURE() << "no dynamic symbols";
    return 0;
  }

  const TemporaryFolder folder_;
  const std::string bytes_ = read_file(fs::path(REFUSED_PLUGINS) / "foreign.so");
  int cases_ = 0;
};

TEST_F(HostileFile, WithSymbolsThatAreNotThereIsNoPlugin) {
  const size_t at = symbols_header();
  const auto header = part_at<Elf64_Shdr>(at);
  for (const uint64_t number : {uint64_t{0}, uint64_t{1} << 32, uint64_t{1} << 63, UINT64_MAX}) {
    for (auto member : {&Elf64_Shdr::sh_offset, &Elf64_Shdr::sh_size}) {
      Elf64_Shdr hostile = header;
      hostile.*member = number;
      EXPECT_THAT(reason_with(at, hostile), HasSubstr("is no plugin: it lacks "));
    }
    Elf64_Shdr hostile = header;
    hostile.sh_link = static_cast<uint32_t>(number >> 31);
    EXPECT_THAT(reason_with(at, hostile), HasSubstr("is no plugin: it lacks "));
    auto symbol = part_at<Elf64_Sym>(header.sh_offset + sizeof(Elf64_Sym));
    symbol = {static_cast<uint32_t>(number >> 31), ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, 0, 0};
    EXPECT_THAT(reason_with(header.sh_offset + sizeof symbol, symbol),
                HasSubstr("is no plugin: it lacks "));
  }
  EXPECT_EQ(std::getenv("FOREIGN_WAS_LOADED"), nullptr);
}

// The linker alone says of some that there is no such file.
TEST_F(HostileFile, OfAnotherMachineIsToldByTheMachinesName) {
  const auto of_machine = [this](uint16_t machine) {
    return reason_with(offsetof(Elf64_Ehdr, e_machine), machine);
  };
  EXPECT_THAT(of_machine(EM_S390),
              AllOf(HasSubstr(" is built for another machine (s390, 64 bit), and this host for "),
                    EndsWith("; build it for this machine, or install the one that is")));
  EXPECT_THAT(of_machine(0xBEEF), HasSubstr("another machine (machine 48879 of ELF's list, 64"));
  const auto of_kind = [this](size_t at, unsigned char kind) { return reason_with(at, kind); };
  EXPECT_THAT(of_kind(EI_CLASS, ELFCLASS32), HasSubstr(", 32 bit), and this host for "));
  const bool is_big = part_at<Elf64_Ehdr>(0).e_ident[EI_DATA] == ELFDATA2MSB;
  EXPECT_THAT(of_kind(EI_DATA, is_big ? ELFDATA2LSB : ELFDATA2MSB),
              HasSubstr("is built for another machine ("));
}

}  // namespace
}  // namespace host
