// many_pipelines: what one host with thousands of pipelines takes. Exit 0 when every client was
// polled in time, also after a restart, and the promises about delay, memory and the disk hold.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <vector>

#include "tests/many_pipelines/table.hpp"

namespace many_pipelines {
namespace {

int64_t base_kib(Options options) {
  options.pipelines = 1;
  options.troubled = 0;
  options.seconds = 2;
  options.restart = false;
  return measure(options).usage.resident_kib;
}

int run(const Options& options, const std::vector<int64_t>& counts) {
  const int64_t base = base_kib(options);
  std::cout << "one pipeline: " << base << " KiB resident\n";
  print_head(std::cout);
  int exit_code = 0;
  for (const int64_t count : counts) {
    Row row{options, {}, base};
    row.options.pipelines = count;
    row.figures = measure(row.options);
    print(std::cout, row);
    for (const std::string& promise : broken_promises(row)) {
      std::cout << count << " pipelines: " << promise << std::endl;
      exit_code = 1;
    }
  }
  return exit_code;
}

}  // namespace
}  // namespace many_pipelines

int main(int count, char** arguments) try {
  many_pipelines::Options options;
  std::vector<int64_t> counts = {1000};
  CLI::App app("One host, and for each of its pipelines a client of a stand-in over TLS");
  app.add_option("--pipelines", counts, "How many; a row for each number that is given")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--troubled", options.troubled, "More that hang, fail or flood")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--poll", options.poll_s, "Seconds between two polls")->capture_default_str();
  app.add_option("--seconds", options.seconds, "That are measured")->capture_default_str();
  app.add_option("--busy", options.busy_s,
                 "Seconds for which the machine may have something else to do")
      ->capture_default_str();
  CLI11_PARSE(app, count, arguments);
  return many_pipelines::run(options, counts);
} catch (const std::exception& error) {
  std::cerr << "many_pipelines: " << error.what() << '\n';
  return 1;
}
