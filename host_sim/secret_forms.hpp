// How else a secret may stand in a text: as encoders write it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace host {

// The secret itself and its forms in HTML, hex and base64, wherever it stands within what was
// encoded. Its escapes in URLs and JSON are not among them: connector::hide sees through these.
std::vector<std::string> forms_of(std::string_view secret);

}  // namespace host
