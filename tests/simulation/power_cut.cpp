#include "tests/simulation/power_cut.hpp"

#include <string>

#include "tests/support/synced_files.hpp"

namespace simulation {
namespace {

namespace fs = std::filesystem;

constexpr const char* kParts[] = {"", "-wal"};

fs::path part_of(const fs::path& state, const char* part) { return state.string() + part; }
fs::path kept(const fs::path& part) { return part.string() + ".kept"; }
fs::path log_of(const fs::path& state) { return part_of(state, "-wal"); }

}  // namespace

int64_t size_of(const fs::path& file) {
  std::error_code missing;
  const uintmax_t size = fs::file_size(file, missing);
  return missing ? 0 : static_cast<int64_t>(size);
}

bool lose_tail(const fs::path& file, int64_t durable, double survives) {
  const int64_t size = size_of(file);
  if (size <= durable) return false;
  const auto left = static_cast<int64_t>(survives * static_cast<double>(size - durable));
  fs::resize_file(file, static_cast<uintmax_t>(durable + left));
  return true;
}

void PowerCut::keep_state() {
  for (const char* part : kParts) {
    const fs::path file = part_of(state_, part);
    std::error_code missing;
    fs::remove(kept(file), missing);
    fs::copy_file(file, kept(file), missing);
  }
  durable_log_bytes_ = test_support::synced_bytes(log_of(state_));
}

void PowerCut::put_state_back(double survives) const {
  for (const char* part : kParts) {
    const fs::path file = part_of(state_, part);
    std::error_code missing;
    // In its place: another file would be a copy to the host, as one that an operator put back.
    if (!fs::copy_file(kept(file), file, fs::copy_options::overwrite_existing, missing))
      fs::remove(file, missing);
  }
  lose_tail(log_of(state_), durable_log_bytes_, survives);
}

}  // namespace simulation
