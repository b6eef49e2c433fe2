// What a process that holds secrets owes them.
#pragma once

namespace host {

// No core dump, no ptrace by others, no reading of /proc/PID/mem: for the life of the process. Main
// calls it before it reads any secret. False where the system refuses.
bool forbid_core_dumps();

}  // namespace host
