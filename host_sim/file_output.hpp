// Records to a file, one JSON object a line, each exactly once at rest: a commit holds the position
// up to which the file was durable, and an opening cuts off what of ours no commit knows.
#pragma once

#include <filesystem>
#include <optional>

#include "host_sim/descriptor.hpp"
#include "host_sim/output.hpp"

namespace host {

// Opens or creates (mode 0600, with its folders) a regular file, locks it against others, and
// decides where to go on:
//   nothing committed             at its present end, whose bytes are somebody's and never cut
//   the committed file            at the committed position; what of ours lies behind it is cut off
//   the same, and somebody's      at its end, with a remark; refused when bytes of ours that should
//   bytes behind it               be cut off lie before them
//   the same, but shorter         refused: records that were delivered are gone
//   another file (rotated)        at its end, with a remark; refused, unless it is empty or as long
//                                 as the committed one, where nobody knows who wrote it
Result<OpenedOutput> open_file_output(const std::filesystem::path& path,
                                      const std::optional<OutputPosition>& committed,
                                      int64_t ours_until, const CrashPoints& crash_points);

// Where that would go on: a byte of the file, or nothing where there is none yet. Fails as it
// would, as far as can be seen without a change.
Result<std::optional<int64_t>> look_at_file_output(const std::filesystem::path& path,
                                                   const std::optional<OutputPosition>& committed,
                                                   int64_t ours_until);

class FileOutput final : public Output {
 public:
  // `position` is the end of the file that `descriptor` is open on.
  FileOutput(Descriptor descriptor, OutputPosition position, bool ends_in_newline,
             CrashPoints crash_points);

  Result<void> write(std::string_view lines) override;
  Result<void> sync() override;
  bool replaced() const override;
  bool overtaken() const override;
  OutputPosition position() const override { return position_; }

 private:
  Result<void> check_untouched() const;
  Result<void> append(std::string_view bytes);

  const Descriptor descriptor_;
  OutputPosition position_;
  bool needs_newline_;  // an operator's last line was not ended, and ours must not continue it
  const CrashPoints crash_points_;
};

}  // namespace host
