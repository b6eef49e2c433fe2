// The page and its two parts, as they stand in page/: compiled in, so that nothing has to be found.
#pragma once

#include <string_view>

namespace host::status {

extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kPageJs;

}  // namespace host::status
