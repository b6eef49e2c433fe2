// What the collector tells people: refusals with their remedies, and health.
#pragma once

#include <string>
#include <string_view>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"
#include "plugins/aikido_activity_log/schedule.hpp"

namespace aikido {

Error other_identity(std::string_view was, std::string_view is);
Error other_client(std::string_view was, std::string_view is);
Error full_checkpoint();  // mostly with the ids of the late arrival window
Error full_of_past();     // .. of the backfill
Error barren_pages(int64_t pages);

// One line, or empty.
std::string health_notice(const CollectorSettings& settings, const CheckpointData& data,
                          const Run& run, int64_t late_interval_ns);
std::string changed_backfill_start(const CheckpointData& data, std::string_view now);

}  // namespace aikido
