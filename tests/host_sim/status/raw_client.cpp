#include "tests/host_sim/status/raw_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <regex>

namespace host::status::test {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

}  // namespace

RawClient::RawClient(uint16_t port) {
  socket_.connect({boost::asio::ip::address_v4::loopback(), port});
}

void RawClient::send(std::string_view text) {
  error_code ignored;
  boost::asio::write(socket_, boost::asio::buffer(text.data(), text.size()), ignored);
}

std::string RawClient::read_until(std::string_view text) {
  std::string all;
  char chunk[4096];
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!ended_ && (text.empty() || all.find(text) == std::string::npos)) {
    size_t size = 0;
    error_code error = boost::asio::error::would_block;
    socket_.async_read_some(boost::asio::buffer(chunk), [&](error_code result, size_t read) {
      error = result;
      size = read;
    });
    context_.restart();
    context_.run_until(until);
    if (error == boost::asio::error::would_block) {  // in time nothing came
      socket_.cancel();
      context_.run();
      return all;
    }
    ended_ = static_cast<bool>(error);
    all.append(chunk, size);
  }
  return all;
}

std::string ask(uint16_t port, std::string_view request) {
  RawClient client(port);
  client.send(request);
  return client.read_to_end();
}

std::string get(uint16_t port, const std::string& path) {
  return ask(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
}

std::string code_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? answer.substr(9, 3) : "";
}

std::string body_of(const std::string& answer) {
  const size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

uint16_t port_in(const std::string& text) {
  std::smatch found;
  const bool is_there = std::regex_search(text, found, std::regex("http://[^ ]*:([0-9]+)/"));
  return is_there ? static_cast<uint16_t>(std::stoi(found[1])) : uint16_t{0};
}

}  // namespace host::status::test
