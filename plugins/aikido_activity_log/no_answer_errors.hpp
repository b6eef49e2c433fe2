// Why a request got no answer, and what an operator can do about it.
#pragma once

#include <string>

#include "plugins/aikido_activity_log/answer_errors.hpp"

namespace aikido {

// `answer.failure` is not kNone; `place` is whom the request was for.
Error no_answer_error(const FailedAnswer& answer, const std::string& place,
                      const Settings& settings);

}  // namespace aikido
