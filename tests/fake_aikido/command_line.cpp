#include "tests/fake_aikido/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <map>

namespace fake_aikido {
namespace {

const std::map<std::string, Shape> kShapes = {
    {"documented", Shape::kDocumented}, {"monad", Shape::kMonad}, {"mixed", Shape::kMixed}};
const std::map<std::string, Order> kOrders = {{"ascending", Order::kAscending},
                                              {"descending", Order::kDescending},
                                              {"by-id", Order::kById},
                                              {"scrambled", Order::kScrambled}};

void add_service(CLI::App& app, CommandLine& line) {
  app.add_option("--port", line.port, "Port on 127.0.0.1; 0: a free one")->capture_default_str();
  app.add_option("--client-id", line.client_id, "Who may ask; the secret is FAKE_AIKIDO_SECRET")
      ->capture_default_str();
  app.add_option("--quota", line.switches.quota, "Calls in a rolling minute")
      ->capture_default_str();
  app.add_option("--token-life", line.switches.token_life_s, "Seconds that a token is good")
      ->capture_default_str();
  app.add_option("--order", line.switches.order, "Of a listing")
      ->transform(CLI::CheckedTransformer(kOrders));
  app.add_flag("--next-page-header", line.switches.next_page_header, "Send X-Has-Next-Page");
  app.add_flag("--pretty", line.switches.pretty, "Send pages with white space");
  app.add_flag("!--no-gzip", line.switches.gzip, "Compress nothing, whatever a client accepts");
  app.add_option("--tls", line.authority_file,
                 "Serve https, and write to this file the certificate that a client is to trust");
  app.add_flag("--control", line.control, "Answer GET /_control/counts");
}

void add_activity(CLI::App& app, CommandLine& line) {
  app.add_option("--records", line.records, "Of the past")->capture_default_str();
  app.add_option("--days", line.days, "Over which they are spread")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{36500}));
  app.add_option("--seed", line.style.seed, "Of the records")->capture_default_str();
  app.add_option("--shape", line.style.shape, "Of a record: documented, monad or mixed")
      ->transform(CLI::CheckedTransformer(kShapes));
  app.add_option("--late-fraction", line.style.late_fraction,
                 "Of the records surface up to an hour after their time")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--live-per-minute", line.live_per_minute, "New records while it runs")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--live-for", line.live_for_s, "Seconds that new records come; 0: always")
      ->capture_default_str();
  app.add_option("--live-latest", line.live_latest_s, "Seconds that a late new one may take")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{3600}));
}

}  // namespace

std::variant<CommandLine, int> read_command_line(int count, char** arguments) {
  CommandLine line;
  CLI::App app("A stand-in for Aikido's API, on the loopback interface, until SIGINT or SIGTERM");
  add_service(app, line);
  add_activity(app, line);
  app.add_option("--report", line.report_file, "At the end, write the counts here as JSON");
  app.add_option("--dump", line.dump_file, "At the end, write every visible record here");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const char* secret = std::getenv("FAKE_AIKIDO_SECRET");
  if (!secret || !*secret) {
    std::cerr << "fake_aikido: no client secret; set the environment variable FAKE_AIKIDO_SECRET\n";
    return 2;
  }
  line.secret = secret;
  return line;
}

}  // namespace fake_aikido
