#include "tests/judge/laws/laws.hpp"
#include "tests/judge/library.hpp"

namespace judge {
namespace {

std::string dotted(uint32_t version) {
  return std::to_string(version >> 16) + "." + std::to_string(version & 0xFFFF);
}

}  // namespace

std::string version(const Subject& subject) {
  const Library library(subject);
  const uint32_t needed = library.abi_version();
  if (needed != library.abi_version()) throw Broken("it says another version at every call");
  if (needed >> 16 != CONNECTOR_ABI_MAJOR || (needed & 0xFFFF) > CONNECTOR_ABI_MINOR)
    throw Broken("it needs ABI " + dotted(needed) + ", and this host has " +
                 dotted(CONNECTOR_ABI_VERSION));
  return "needs ABI " + dotted(needed);
}

}  // namespace judge
