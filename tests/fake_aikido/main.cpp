// fake_aikido: the stand-in as a program.
#include <signal.h>

#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/fake_aikido/command_line.hpp"
#include "tests/fake_aikido/live_activity.hpp"
#include "tests/fake_aikido/report.hpp"
#include "tests/fake_aikido/server.hpp"

namespace fake_aikido {
namespace {

void write(const std::string& file, const std::string& text) {
  if (file.empty()) return;
  std::ofstream out(file, std::ios::trunc);
  out << text << std::flush;
  if (!out) throw std::runtime_error("cannot write " + file + "; is its folder there?");
}

ServerOptions options_of(const CommandLine& line) {
  ServerOptions options;
  options.port = line.port;
  options.clients = {{line.client_id, line.secret}};
  options.switches = line.switches;
  options.control = line.control;
  if (!line.authority_file.empty()) {
    const CertificateAuthority authority;
    options.tls = authority.issue({"IP:127.0.0.1", "localhost"});
    write(line.authority_file, authority.certificate());
  }
  return options;
}

// Blocked in every thread, so that they arrive where they are waited for.
sigset_t block_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void live_until_signalled(Server& server, const CommandLine& line, const sigset_t& signals) {
  ActivityStyle style = line.style;
  style.seed += 1;
  style.latest_s = line.live_latest_s;
  style.first_number = static_cast<int64_t>(line.records) + 1;
  const int64_t lasts_ns = line.live_for_s > 0 ? line.live_for_s * kSecond : kNever;
  LiveActivity live(server.organisation(), style, line.live_per_minute, server.now_ns(), lasts_ns);
  const timespec pause{0, 100'000'000};
  while (sigtimedwait(&signals, nullptr, &pause) < 0) live.go_on(server.now_ns());
}

void run(const CommandLine& line) {
  const sigset_t signals = block_end_signals();
  auto organisation = std::make_shared<Organisation>();
  Server server(options_of(line), organisation);
  const int64_t now_s = server.now_ns() / kSecond;
  const int64_t begin_s = now_s - line.days * (kDay / kSecond);
  organisation->add(make_activity(line.records, begin_s, now_s, line.style));
  const size_t backlog = organisation->visible(server.now_ns());
  std::cout << "listening on " << server.url() << std::endl;
  live_until_signalled(server, line, signals);
  server.stop();
  const int64_t end_ns = server.now_ns();
  write(line.report_file, report(server, end_ns, backlog));
  write(line.dump_file, dump(server, end_ns));
}

}  // namespace
}  // namespace fake_aikido

int main(int count, char** arguments) try {
  const auto line = fake_aikido::read_command_line(count, arguments);
  if (const int* code = std::get_if<int>(&line)) return *code;
  fake_aikido::run(std::get<fake_aikido::CommandLine>(line));
  return 0;
} catch (const std::exception& error) {
  std::cerr << "fake_aikido: " << error.what() << '\n';
  return 1;
}
