// A pipeline's state with something in each of its members.
#pragma once

#include "host_sim/state_store.hpp"

namespace host::test {

inline PipelineState some_state() {
  return {.plugin = "aikido_activity_log",
          .checkpoint = std::string("\0any\xFF bytes", 11),
          .output = {.kind = "file",
                     .path = "/out/a.ndjson",
                     .device = 0xFFFF'FFFF'FFFF'FFFF,
                     .inode = 7,
                     .born_ns = 8,
                     .position = 9},
          .records = 10,
          .updated_ns = 11};
}

}  // namespace host::test
