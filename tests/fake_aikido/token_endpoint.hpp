// POST /api/oauth/token: basic credentials in, a bearer token out.
#pragma once

#include "tests/fake_aikido/credentials.hpp"
#include "tests/fake_aikido/http.hpp"
#include "tests/fake_aikido/quota.hpp"
#include "tests/fake_aikido/switches.hpp"

namespace fake_aikido {

// `now_ns` is on the stand-in's clock.
Answer answer_token(const HttpRequest& request, Credentials& credentials, Quota& quota,
                    const Switches& switches, int64_t now_ns);

// 429 as documented.
Answer over_quota(size_t calls_in_a_minute, int64_t wait_ns);

}  // namespace fake_aikido
