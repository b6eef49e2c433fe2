// Collects an answer as libcurl hands it over, within the caps. One thread.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "plugins/aikido_activity_log/transport.hpp"

namespace aikido {

class CurlAnswer {
 public:
  explicit CurlAnswer(bool by_proxy = false) { answer_.by_proxy = by_proxy; }

  // Sets the callbacks; the object outlives the transfer.
  void attach(CURL* easy);

  // After the transfer: what came of it. `code` is libcurl's verdict, `said` its error text.
  HttpAnswer finish(CURL* easy, CURLcode code, std::string_view said);
  // The transfer was given up.
  HttpAnswer give_up(CURL* easy, NoAnswer why);

 private:
  static int on_request(void* self, char* to, char* from, int to_port, int from_port);
  static size_t on_header(char* data, size_t size, size_t count, void* self);
  static size_t on_body(char* data, size_t size, size_t count, void* self);
  bool take_header(std::string_view line);
  bool take_body(std::string_view part);
  void note_phases(CURL* easy);
  bool has_tunnel(int said) const;

  HttpAnswer answer_;
  const char* too_large_ = nullptr;
  int requests_ = 0;
  size_t header_bytes_ = 0;
  size_t header_lines_ = 0;
};

}  // namespace aikido
