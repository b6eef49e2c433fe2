// What the disk was really asked to keep: fdatasync, fsync and ftruncate of whoever is linked with
// this are noted on their way to the system, and they and its writes can be made to fail. Any
// thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace test_support {

// How many bytes of the file were durable by its last sync; 0 where there was none.
int64_t synced_bytes(const std::filesystem::path& file);

// The next syncs of files with this end of their name fail with EIO, so many; what was written
// stays in the file all the same, as it mostly does.
void fail_syncs(const std::string& name_end, int count);
// The next writes into them do, and nothing of those arrives.
void fail_writes(const std::string& name_end, int count);
// Nothing fails any more: how many of those calls have not come.
int fail_no_more();

}  // namespace test_support
