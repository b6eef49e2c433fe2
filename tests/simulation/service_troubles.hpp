// Brings a plan's troubles over the stand-in: faults, credentials, and another client.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/end_to_end/world.hpp"
#include "tests/fake_aikido/test_client.hpp"
#include "tests/simulation/trouble.hpp"

namespace simulation {

// One thread. `world` outlives it, and no event of its clock runs after it is gone.
class ServiceTroubles {
 public:
  static constexpr std::string_view kOtherClient = "AIK_CLIENT_other";
  using Tell = std::function<void(std::string what)>;

  // `begin_ns` is what a plan's times are told from.
  ServiceTroubles(end_to_end::World& world, int64_t begin_ns, Tell tell);

  // Before the world begins.
  void schedule(const std::vector<Trouble>& troubles);

 private:
  void push_fault(const Trouble& trouble);
  void schedule_rotation(const Trouble& trouble);
  void schedule_scope(const Trouble& trouble);
  void schedule_crowd(const Trouble& trouble);
  void call_as_another();

  end_to_end::World& world_;
  int64_t begin_ns_;
  Tell tell_;
  fake_aikido::TestClient other_;
  bool has_token_ = false;
  int secrets_ = 0;
};

}  // namespace simulation
