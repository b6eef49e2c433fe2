// What Aikido says about an error, made fit to be shown: the first text it gives, without secrets,
// without control characters, of bounded length.
#pragma once

#include <string>

#include "plugins/aikido_activity_log/redactor.hpp"

namespace aikido {

// The first of error_description, error, reason_phrase and message that is a text (Aikido uses all
// four); empty where `body` has none. Redacted and cleaned.
std::string vendor_words(const std::string& body, const Redactor& redactor);

// `error` of an OAuth answer ("invalid_client"), for comparison only; never shown.
std::string oauth_error(const std::string& body);

// A stranger's words as part of an error's line: control characters become spaces, and no "; " is
// left, which would let them pass for our remedy; cut to `most` bytes between characters.
std::string clean(std::string text, size_t most);

}  // namespace aikido
