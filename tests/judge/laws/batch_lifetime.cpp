#include <iterator>
#include <list>
#include <random>
#include <thread>

#include "tests/judge/laws/laws.hpp"
#include "tests/judge/reader.hpp"

namespace judge {
namespace {

constexpr size_t kInFlight = 5;

// On a thread of its own, as an output that is done with it would.
void give_back(HeldBatch& batch) {
  std::exception_ptr breach;
  std::thread([&] {
    try {
      batch.expect_unchanged();
      batch.release();
    } catch (...) {
      breach = std::current_exception();
    }
  }).join();
  if (breach) std::rethrow_exception(breach);
}

}  // namespace

std::string batch_lifetime(const Subject& subject) {
  const Library library(subject);
  JudgeClock clock;
  Instance instance(subject, library, clock);
  instance.start(subject);
  Reader reader(instance);
  std::mt19937_64 random(subject.seed);
  std::list<HeldBatch> held;
  const auto give_back_one = [&] {
    const auto chosen = std::next(held.begin(), static_cast<ptrdiff_t>(random() % held.size()));
    give_back(*chosen);
    held.erase(chosen);
  };
  size_t records = 0, batches = 0;
  while (!reader.caught_up() && batches < subject.batches) {
    held.push_back(reader.next());
    expect_well_formed(held.back());
    records += held.back().records().size();
    batches += held.back().records().empty() ? 0 : 1;
    if (held.size() > kInFlight) give_back_one();
  }
  while (!held.empty()) give_back_one();
  if (records == 0) throw Broken("no record came; give settings under which there are some");
  return std::to_string(records) + " records in " + std::to_string(batches) +
         " batches, released late, in another order, on another thread";
}

}  // namespace judge
