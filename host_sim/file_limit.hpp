#pragma once

namespace host {

// As many open files as the hard limit allows: each of thousands of pipelines has its output and,
// while it asks, a connection.
void raise_file_limit();

}  // namespace host
