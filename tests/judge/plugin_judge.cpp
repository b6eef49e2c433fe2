// plugin_judge: whether a plugin keeps the laws of the border, one line a law.
#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/judge/laws/laws.hpp"
#include "tests/judge/options.hpp"
#include "tests/judge/process.hpp"

namespace judge {
namespace {

bool asked_for(const Options& options, const Law& law) {
  return options.laws.empty() ||
         std::find(options.laws.begin(), options.laws.end(), law.name) != options.laws.end();
}

void print_line(const Verdict& verdict) {
  std::cout << (verdict.kept ? "PASS " : "FAIL ") << verdict.law << ": " << verdict.detail << "\n"
            << std::flush;
}

void print_json(const Options& options, const std::vector<Verdict>& verdicts) {
  nlohmann::ordered_json report = {{"plugin", options.subject.plugin.string()}};
  for (const Verdict& verdict : verdicts)
    report["laws"].push_back(
        {{"name", verdict.law}, {"kept", verdict.kept}, {"detail", verdict.detail}});
  std::cout << report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

int judge(const Options& options) {
  std::vector<Verdict> verdicts;
  for (const Law& law : laws()) {
    if (!asked_for(options, law)) continue;
    verdicts.push_back(judge_apart(law, options.subject, options.limit_seconds));
    if (!options.json) print_line(verdicts.back());
  }
  const auto broken = std::count_if(verdicts.begin(), verdicts.end(),
                                    [](const Verdict& verdict) { return !verdict.kept; });
  if (options.json)
    print_json(options, verdicts);
  else if (broken == 0)
    std::cout << "every law is kept\n";
  else
    std::cout << broken << " of " << verdicts.size() << " laws broken\n";
  return broken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace judge

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // as in any host: a closed connection is an error, no end
  try {
    const auto options = judge::read_options(argc, argv);
    if (const int* status = std::get_if<int>(&options)) return *status;
    return judge::judge(std::get<judge::Options>(options));
  } catch (const std::exception& error) {
    std::cerr << "plugin_judge: " << error.what() << "\n";
    return 2;
  }
}
