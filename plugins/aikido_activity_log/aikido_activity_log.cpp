// The border: the exported functions, and nothing else.
#include "plugins/aikido_activity_log/activity_log_input.hpp"

CONNECTOR_PLUGIN_WITH_CHECK(aikido::ActivityLogInput)
