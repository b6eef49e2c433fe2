#include "host_sim/output.hpp"

#include <sys/eventfd.h>

#include "host_sim/file_output.hpp"
#include "host_sim/file_output_opening.hpp"
#include "host_sim/stdout_output.hpp"

namespace host {

Outputs::Outputs(int stdout_descriptor, bool after_crash, CrashPoints crash_points)
    : after_crash_(after_crash),
      stdout_{.descriptor = stdout_descriptor,
              .stopping = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))},
      crash_points_(std::move(crash_points)) {}

bool Outputs::settled() const { return !stdout_.is_amid_line; }

void Outputs::stop() { ::eventfd_write(stdout_.stopping.number(), 1); }

Result<void> Outputs::check(const OutputSettings& settings) const {
  if (settings.type != OutputSettings::Type::kFile) return {};
  Result<void> kind = check_kind(settings.path);
  return kind || kind.error().status != Status::kConfig ? Result<void>() : kind;
}

Result<OpenedOutput> Outputs::open(const OutputSettings& settings,
                                   const std::optional<OutputPosition>& committed,
                                   int64_t ours_until) {
  if (settings.type == OutputSettings::Type::kFile)
    return open_file_output(settings.path, committed, ours_until, crash_points_);
  if (after_crash_.exchange(false)) stdout_.is_amid_line = true;
  return OpenedOutput{std::make_shared<StdoutOutput>(stdout_),
                      !committed || committed->kind != "stdout", ""};
}

}  // namespace host
