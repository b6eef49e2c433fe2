#include "tests/judge/laws/laws.hpp"

namespace judge {

const std::vector<Law>& laws() {
  static const std::vector<Law> all = {
      {"exports", "the header's functions are the only defined dynamic symbols", exports},
      {"load", "every symbol resolves at once, and the plugin stays loaded", load},
      {"version", "the ABI version is one that this judge's header can serve", version},
      {"description", "the description has every part, and its schema takes the settings",
       description},
      {"call_order", "calls out of order are errors, instances do not disturb each other",
       call_order},
      {"config_errors", "wrong settings are CONFIG, every mistake on a line with its pointer",
       config_errors},
      {"batch_lifetime", "batches stay as they are until released, and hold valid records",
       batch_lifetime},
      {"checkpoint_replay",
       "from each checkpoint exactly the rest follows; a damaged one is refused",
       checkpoint_replay},
      {"cancel", "cancel ends a running call within 250 ms, and for good", cancel},
      {"error_text", "an error's text fits its buffer, is one clean line and holds no secret",
       error_text},
      {"struct_sizes", "larger structs are served and smaller ones refused, both untouched beyond",
       struct_sizes},
  };
  return all;
}

}  // namespace judge
