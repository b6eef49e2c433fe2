// A port on the loopback interface where nobody answers.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <vector>

namespace aikido {

class SilentListener {
 public:
  enum class Silence {
    kAfterConnecting,  // connections come about, and nothing is ever said
    kBeforeIt,         // they do not even come about
  };

  // Throws std::system_error.
  explicit SilentListener(Silence silence);
  ~SilentListener();
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;

  std::string host_and_port() const;

 private:
  int connect_another() const;

  int listener_ = -1;
  sockaddr_in address_{};
  std::vector<int> crowd_;
};

}  // namespace aikido
