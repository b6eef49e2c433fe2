#include "tests/crash_loop/crash_loop.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iterator>
#include <thread>

#include "host_sim/state_store.hpp"

namespace crash_loop {
namespace {

using test_support::Program;
using test_support::ProgramEnd;
using End = Step::End;

constexpr std::chrono::seconds kBounded(120);
constexpr size_t kHistory = 600;
constexpr int64_t kLongestLifeMs = 500;
const std::string kOperatorsOwn = R"({"operator":"wrote this before"})";

Step at(const char* point) { return {End::kKilledAtPoint, point}; }

// Points that only a first run comes to.
const Step kFirst[] = {at("before_state_made"), at("before_state_renamed"),
                       at("after_state_renamed")};
// Again and again. What is to be cut off is left by the death just before.
const Step kCycle[] = {{},
                       at("amid_write"),
                       at("before_cut"),
                       {},
                       at("after_write"),
                       at("after_cut"),
                       {},
                       at("after_open"),
                       at("before_write"),
                       {},
                       at("before_sync"),
                       {},
                       at("before_commit"),
                       {},
                       at("after_commit"),
                       at("before_clean_end"),
                       {End::kStopped}};

Step step_of(int64_t round) {
  const auto first = static_cast<int64_t>(std::size(kFirst));
  if (round < first) return kFirst[round];
  return kCycle[(round - first) % static_cast<int64_t>(std::size(kCycle))];
}

int64_t now_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace

CrashLoop::CrashLoop(const Options& options, std::ostream& told)
    : options_(options),
      told_(told),
      random_(options.seed),
      growing_((world_.add_history(kHistory), world_.server()), options.seed, kHistory + 1),
      begin_ns_(now_ns()) {
  test_support::write_file(world_.output, kOperatorsOwn + "\n");
}

int64_t CrashLoop::number(int64_t least, int64_t most) {
  return std::uniform_int_distribution<int64_t>(least, most)(random_);
}

bool CrashLoop::enough(int64_t rounds) const {
  return rounds >= options_.rounds && now_ns() - begin_ns_ >= options_.seconds * 1'000'000'000;
}

bool CrashLoop::run() {
  int64_t rounds = 0;
  for (; !failed_ && !enough(rounds); ++rounds) round(step_of(rounds));
  return finish();
}

void CrashLoop::round(const Step& step) {
  switch (step.end) {
    case End::kKilledAtRandom:
      kill_at_random();
      break;
    case End::kKilledAtPoint:
      kill_at_point(step.point);
      break;
    case End::kStopped:
      stop_properly();
      break;
  }
  check_commit();
}

void CrashLoop::kill_at_random() {
  Program program(world_.arguments({"run", "M"}), world_.environment);
  if (const auto end = program.wait(std::chrono::milliseconds(number(0, kLongestLifeMs))))
    return fail("the host ended by itself: " + end->err);
  program.signal(SIGKILL);
  program.wait(kBounded);
  ++killed_at_[""];
}

// In a run that ends by itself when it comes to the point too seldom.
void CrashLoop::kill_at_point(const std::string& point) {
  test_support::Environment environment = world_.environment;
  environment["CRASH_POINT"] = point;
  const bool comes_once = point.starts_with("before_c") || point.find("_state_") != point.npos;
  environment["CRASH_AT"] = std::to_string(comes_once ? 1 : number(1, 2));
  world_.arguments({});
  const ProgramEnd end = test_support::run_program({HOST_SIM_CRASHING, world_.manifest().string()},
                                                   environment, kBounded);
  if (end.signal == SIGKILL)
    ++killed_at_[point];
  else if (end.exit_code != 0)
    fail("ended with " + std::to_string(end.exit_code) + ": " + end.err);
}

void CrashLoop::stop_properly() {
  Program program(world_.arguments({"run", "M"}), world_.environment);
  program.wait_for_err("running", kBounded);
  program.signal(SIGTERM);
  const auto end = program.wait(kBounded);
  if (!end || end->exit_code != 0) return fail("did not stop: " + program.err());
  ++stopped_;
}

// A commit that says more than the file holds would lose records.
void CrashLoop::check_commit() {
  auto store = host::StateStore::open_to_look(world_.state);
  if (!store) return fail(store.error().text);
  if (!*store) return;
  const auto state = (*store)->pipeline("test");
  if (!state) return fail(state.error().text);
  std::error_code missing;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(world_.output, missing));
  if (*state && (missing || (*state)->output.position > size))
    fail("the commit is ahead of the output: byte " + std::to_string((*state)->output.position) +
         " of " + (missing ? "none" : std::to_string(size)));
}

bool CrashLoop::finish() {
  growing_.stop();
  const ProgramEnd end = world_.run({"run", "--once", "M"});
  if (end.exit_code != 0) fail("the last run failed: " + end.err);
  const bool met = every_point_was_met();
  const bool exact = output_is_exact();
  int64_t at_points = 0;
  for (const auto& [point, count] : killed_at_) at_points += point.empty() ? 0 : count;
  told_ << killed_at_[""] + at_points << " kills (" << at_points << " at crash points), "
        << stopped_ << " stops, " << world_.lines().size() << " records, "
        << (now_ns() - begin_ns_) / 1'000'000'000
        << " s: " << (met && exact && !failed_ ? "exact" : "FAILED") << std::endl;
  return met && exact && !failed_;
}

bool CrashLoop::every_point_was_met() {
  if (options_.rounds < static_cast<int64_t>(std::size(kFirst) + std::size(kCycle))) return true;
  bool all = killed_at_[""] > 0 && stopped_ > 0;
  for (int64_t i = 0; i < static_cast<int64_t>(std::size(kFirst) + std::size(kCycle)); ++i) {
    const Step step = step_of(i);
    if (step.end != End::kKilledAtPoint || killed_at_[step.point] > 0) continue;
    told_ << "never killed at " << step.point << std::endl;
    all = false;
  }
  return all;
}

bool CrashLoop::output_is_exact() {
  const std::vector<std::string> got = world_.lines();
  std::vector<std::string> expected = world_.expected();
  expected.push_back(kOperatorsOwn);
  std::sort(expected.begin(), expected.end());
  const bool in_place = test_support::read_lines(world_.output).front() == kOperatorsOwn;
  if (!in_place) told_ << "the operator's own line is not where it was" << std::endl;
  std::vector<std::string> lost, surplus;
  std::set_difference(expected.begin(), expected.end(), got.begin(), got.end(),
                      std::back_inserter(lost));
  std::set_difference(got.begin(), got.end(), expected.begin(), expected.end(),
                      std::back_inserter(surplus));
  if (!lost.empty()) told_ << lost.size() << " lost, such as " << lost.front() << std::endl;
  if (!surplus.empty())
    told_ << surplus.size() << " twice or foreign, such as " << surplus.front() << std::endl;
  return in_place && got.size() > kHistory && lost.empty() && surplus.empty();
}

void CrashLoop::fail(const std::string& what) {
  failed_ = true;
  told_ << what << std::endl;
}

}  // namespace crash_loop
