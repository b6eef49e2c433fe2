// Chance from a seed: the same draws with every compiler and standard library.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <random>

namespace simulation {

// One thread.
class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  uint64_t seed() { return random_(); }
  double share() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return share() < probability; }
  // Uniform in [least, most]; `least` where they are crossed.
  int64_t between(int64_t least, int64_t most) {
    const auto span = static_cast<uint64_t>(std::max<int64_t>(0, most - least)) + 1;
    return least + static_cast<int64_t>(random_() % span);
  }
  // As often between 1 and 10 as between 10 and 100. Both are above 0.
  double log_uniform(double least, double most) { return least * std::pow(most / least, share()); }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[between(0, static_cast<int64_t>(values.size()) - 1)];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace simulation
