// Runs a law in a process of its own, so that a crash or a hang is a verdict.
#pragma once

#include "tests/judge/laws/laws.hpp"

namespace judge {

// Broken laws, crashes, exits and hangs all come back as a verdict. Called while this process has
// one thread.
Verdict judge_apart(const Law& law, const Subject& subject, int limit_seconds);

}  // namespace judge
