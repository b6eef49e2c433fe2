// Answers every request with the very bytes that it is told, whatever they are, and says no more:
// what comes of them in a CurlAnswer. On a local socket without a name in the file system.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

#include "plugins/aikido_activity_log/curl_answer.hpp"

namespace aikido {

class AnsweringServer {
 public:
  AnsweringServer() : listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name_.copy(address.sun_path + 1, sizeof address.sun_path - 1);  // begins with a NUL: no file
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
    ready_ = bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
             listen(listener_, 8) == 0;
    if (ready_) thread_ = std::thread([this] { serve(); });
  }
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;
  ~AnsweringServer() {
    shutdown(listener_, SHUT_RDWR);  // wakes accept
    if (thread_.joinable()) thread_.join();
    close(listener_);
  }

  bool ready() const { return ready_; }

  HttpAnswer ask(std::string answer) {
    {
      const std::lock_guard lock(mutex_);
      answer_ = std::move(answer);
    }
    CURL* const easy = curl_easy_init();
    CurlAnswer collected;
    curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1/api");
    curl_easy_setopt(easy, CURLOPT_ABSTRACT_UNIX_SOCKET, name_.c_str());
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 1L << 20);  // or 64 MiB take thousands of turns
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60'000L);
    collected.attach(easy);
    const CURLcode code = curl_easy_perform(easy);
    HttpAnswer result = collected.finish(easy, code, "");
    curl_easy_cleanup(easy);
    return result;
  }

 private:
  void serve() {
    for (int peer = 0; (peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      char request[4096];
      const int large = 1 << 20;
      setsockopt(peer, SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
      (void)!recv(peer, request, sizeof request, 0);  // it is short, and comes as a whole
      send_all(peer);
      shutdown(peer, SHUT_WR);
      while (recv(peer, request, sizeof request, 0) > 0) continue;
      close(peer);
    }
  }

  void send_all(int peer) {
    const std::lock_guard lock(mutex_);
    size_t sent = 0;
    while (sent < answer_.size()) {
      const ssize_t more = send(peer, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
      if (more <= 0) return;  // the other side has heard enough
      sent += static_cast<size_t>(more);
    }
  }

  const std::string name_ = "answering_server." + std::to_string(getpid());
  int listener_;
  bool ready_ = false;
  std::mutex mutex_;
  std::string answer_;
  std::thread thread_;
};

}  // namespace aikido
