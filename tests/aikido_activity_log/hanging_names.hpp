// A name server that hangs: while one of these lives, the C library's getaddrinfo does not return
// for names under ".hangs". Names under ".unknown" are never found, whether one lives or not.
#pragma once

namespace aikido {

class HangingNames {
 public:
  HangingNames();
  // Lets go of every thread that waits.
  ~HangingNames();
  HangingNames(const HangingNames&) = delete;
  HangingNames& operator=(const HangingNames&) = delete;

  // Whether a thread waits by now.
  static bool is_asked();
};

}  // namespace aikido
