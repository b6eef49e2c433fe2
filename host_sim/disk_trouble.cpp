#include "host_sim/disk_trouble.hpp"

#include <cerrno>

namespace host {

std::string disk_remedy(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "; make room on its disk";
    case EFBIG:
      return "; make room on its disk, or raise the limit of a file's size (ulimit -f)";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; let this user write to it and to its folder, or give another path";
    case EIO:
      return "; its disk fails, see to that";
    default:
      return "";
  }
}

}  // namespace host
