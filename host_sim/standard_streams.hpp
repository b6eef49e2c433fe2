// What a shell may have done to the three standard streams, and whether all that was printed
// arrived.
#pragma once

#include <iosfwd>

namespace host {

// Puts something in the place of each standard stream that was closed, before anything else is
// opened: or the state or its lock would get that number, and what is printed would be written into
// it. A closed stdin is empty from then on, whatever is written to a closed stdout fails, and what
// is written to a closed stderr is dropped.
void fill_closed_streams();

// False when it was closed, or opened for reading alone: no record can ever be delivered there.
bool can_be_written(int descriptor);

// Flushes `out`. When something of it could not be written, says so on `err` and makes a failure of
// an exit code that was none.
int printed(int exit_code, std::ostream& out, std::ostream& err);

}  // namespace host
