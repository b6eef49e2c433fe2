// Two pipelines in one host: what the laws notice of the second one, and of both.
#include "tests/simulation/doctored_history.hpp"

namespace simulation {
namespace {

class DoctoredPair : public DoctoredHistory {
 protected:
  DoctoredPair() { history_ = pair(); }

 private:
  static const History& pair() {
    static const History history = [] {
      Plan plan = quiet_plan();
      plan.has_second = true;
      return lived(plan);
    }();
    return history;
  }
};

// It reads the records of users, some seven of ten.
TEST_F(DoctoredPair, WithoutALineOfTheSecondOneIsIncomplete) {
  ASSERT_GT(history_.second_lines.size(), 200U);
  ASSERT_LT(history_.second_lines.size(), history_.lines.size() - 50);
  history_.second_lines.pop_back();
  expect(every_record_is_delivered, "of the second pipeline 1 of ");
}

TEST_F(DoctoredPair, WithALineTwiceInTheSecondOneRepeats) {
  history_.second_lines.push_back(history_.second_lines[17]);
  expect(nothing_else_is_delivered, "of the second pipeline record ");
}

TEST_F(DoctoredPair, WithALineThatTheSecondOneLeavesOutIsTooMuch) {
  history_.second_lines = history_.lines;
  expect(nothing_else_is_delivered, "is not asked for");
}

// Two that know nothing of each other would do so.
TEST_F(DoctoredPair, WithRequestsAtTheSameTimeBreaksThePace) {
  auto& requests = history_.requests;
  ASSERT_GT(requests.size(), 300U);
  requests.insert(requests.begin() + 100, requests[100]);
  expect(requests_keep_the_pace, "0 ms after the one before");
}

}  // namespace
}  // namespace simulation
