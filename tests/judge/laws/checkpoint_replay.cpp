#include <algorithm>
#include <random>
#include <unordered_map>
#include <unordered_set>

#include "tests/judge/clean_text.hpp"
#include "tests/judge/laws/laws.hpp"
#include "tests/judge/reader.hpp"

namespace judge {
namespace {

constexpr size_t kReplays = 12;  // checkpoints tried, spread over all
constexpr size_t kCuts = 64;     // lengths tried of a truncated one

// A checkpoint, and how many records had come when it was returned.
struct Mark {
  std::string checkpoint;
  size_t records = 0;
};

// One run from the beginning: the ids in order, the checkpoints between them.
struct Run {
  std::vector<std::string> ids;
  std::vector<Mark> marks;
  bool caught_up = false;  // or else cut short: more would follow
};

class CheckpointReplay {
 public:
  explicit CheckpointReplay(const Subject& subject) : subject_(subject), library_(subject) {}

  std::string judge() {
    run_ = read_from_the_beginning();
    if (run_.ids.empty()) throw Broken("no record came; give settings under which there are some");
    if (run_.marks.empty()) throw Broken("no batch had a checkpoint");
    const size_t step = std::max<size_t>(1, run_.marks.size() / kReplays);
    for (size_t i = 0; i < run_.marks.size(); i += step) replay(i);
    if ((run_.marks.size() - 1) % step != 0) replay(run_.marks.size() - 1);
    refuses_damage();
    return std::to_string(run_.marks.size()) + " checkpoints over " +
           std::to_string(run_.ids.size()) + " records" + (run_.caught_up ? "" : ", cut short");
  }

 private:
  Run read_from_the_beginning() {
    Instance instance(subject_, library_, clock_);
    instance.start(subject_);
    Reader reader(instance);
    std::unordered_set<std::string> seen;
    Run run;
    for (size_t full = 0; full < subject_.batches && !reader.caught_up();) {
      const HeldBatch batch = reader.next();
      full += batch.records().empty() ? 0 : 1;
      for (const Record& record : batch.records()) {
        if (!seen.insert(record.id).second)
          throw Broken("record " + record.id + " came twice in one run");
        run.ids.push_back(record.id);
      }
      if (!batch.checkpoint().empty()) run.marks.push_back({batch.checkpoint(), run.ids.size()});
      if (const auto secret = secret_in(batch.checkpoint(), subject_.secrets))
        throw Broken("a checkpoint holds the secret " + *secret);
    }
    run.caught_up = reader.caught_up();
    return run;
  }

  // Reads on from a checkpoint. Ids that the first run never saw are left alone: a live service
  // may have made them since.
  void replay(size_t index) {
    const Mark& mark = run_.marks[index];
    const std::string after = "after checkpoint " + std::to_string(index + 1) + " ";
    std::unordered_map<std::string, bool> missing;  // false: came before the checkpoint, or again
    for (size_t i = 0; i < run_.ids.size(); ++i) missing[run_.ids[i]] = i >= mark.records;
    size_t left = run_.ids.size() - mark.records;

    Instance instance(subject_, library_, clock_);
    instance.start(subject_, mark.checkpoint);
    Reader reader(instance);
    // Cut short, the rest may come in another order, so it is given twice the room.
    for (size_t full = 0; full < 2 * subject_.batches && !reader.caught_up();) {
      if (!run_.caught_up && left == 0) break;
      const HeldBatch batch = reader.next();
      full += batch.records().empty() ? 0 : 1;
      for (const Record& record : batch.records()) {
        const auto known = missing.find(record.id);
        if (known == missing.end()) continue;
        if (!known->second) throw Broken(after + "record " + record.id + " came again");
        known->second = false;
        --left;
      }
    }
    for (size_t i = mark.records; left > 0 && i < run_.ids.size(); ++i)
      if (missing[run_.ids[i]])
        throw Broken(after + "record " + run_.ids[i] + " did not come" +
                     (left > 1 ? ", nor did " + std::to_string(left - 1) + " more" : ""));
  }

  void refuses_damage() {
    const std::string& good = run_.marks.back().checkpoint;
    const size_t step = std::max<size_t>(1, good.size() / kCuts);
    for (size_t size = 1; size < good.size(); size += step)
      expect_refused(good.substr(0, size), "cut to " + std::to_string(size) + " of " +
                                               std::to_string(good.size()) + " bytes");
    expect_refused(good + '\xFF', "with a byte appended");
    expect_refused("garbage", "of the text \"garbage\"");
    expect_refused("{}", "of an empty JSON object");
    expect_refused(std::string(8, '\0'), "of NUL bytes");
    std::mt19937_64 random(subject_.seed);
    std::string noise(good.size(), '\0');
    for (char& byte : noise) byte = static_cast<char>(random());
    expect_refused(noise, "of random bytes");
  }

  void expect_refused(const std::string& checkpoint, const std::string& what) {
    Instance instance(subject_, library_, clock_);
    const Outcome outcome = instance.configure(subject_.settings, checkpoint);
    if (outcome.status == CONNECTOR_ERROR_CHECKPOINT) return;
    throw Broken("a checkpoint " + what + " gave " + outcome.describe() +
                 " where CHECKPOINT is due");
  }

  const Subject& subject_;
  const Library library_;
  JudgeClock clock_;
  Run run_;
};

}  // namespace

std::string checkpoint_replay(const Subject& subject) { return CheckpointReplay(subject).judge(); }

}  // namespace judge
