#include "host_sim/output.hpp"

#include "host_sim/file_output.hpp"
#include "host_sim/stdout_output.hpp"

namespace host {

Result<OpenedOutput> Outputs::open(const OutputSettings& settings,
                                   const std::optional<OutputPosition>& committed,
                                   int64_t ours_until) {
  if (settings.type == OutputSettings::Type::kFile)
    return open_file_output(settings.path, committed, ours_until, crash_points_);
  return OpenedOutput{std::make_shared<StdoutOutput>(stdout_),
                      !committed || committed->kind != "stdout", ""};
}

}  // namespace host
