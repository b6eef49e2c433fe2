#include <thread>

#include "tests/judge/instance.hpp"
#include "tests/judge/laws/laws.hpp"
#include "tests/judge/reader.hpp"

namespace judge {
namespace {

constexpr int kInstances = 50;

class CallOrder {
 public:
  explicit CallOrder(const Subject& subject) : subject_(subject), library_(subject) {}

  void next_batch_needs_configure() {
    Instance instance(subject_, library_, clock_);
    expect_refused(instance, "connector_next_batch before connector_configure");
  }

  void configure_happens_once() {
    Instance instance(subject_, library_, clock_);
    instance.start(subject_);
    if (instance.configure(subject_.settings).ok())
      throw Broken("a second connector_configure succeeded");
  }

  void nothing_follows_a_refusal() {
    Instance instance(subject_, library_, clock_);
    if (instance.configure(subject_.settings, "\x01 no checkpoint").ok()) return;  // another law's
    expect_refused(instance, "connector_next_batch after connector_configure was refused");
  }

  void instances_come_and_go() {
    for (int i = 0; i < kInstances; ++i) {
      Instance instance(subject_, library_, clock_);
      if (i % 2 == 0) instance.start(subject_);
    }
  }

  // One instance's end leaves another alone.
  void instances_are_apart() {
    Instance stays(subject_, library_, clock_);
    stays.start(subject_);
    {
      Instance goes(subject_, library_, clock_);
      goes.start(subject_);
      Reader(goes).next();
      goes.cancel();
    }
    Reader(stays).next();
  }

  // Serialised calls may come from different threads.
  void any_thread_may_call() {
    Instance instance(subject_, library_, clock_);
    std::exception_ptr breach;
    const auto on_a_thread = [&](auto&& call) {
      std::thread([&] {
        try {
          call();
        } catch (...) {
          breach = std::current_exception();
        }
      }).join();
      if (breach) std::rethrow_exception(breach);
    };
    on_a_thread([&] { instance.start(subject_); });
    for (int i = 0; i < 3; ++i) on_a_thread([&] { Reader(instance).next(); });
  }

 private:
  void expect_refused(Instance& instance, const std::string& call) {
    connector_batch batch;
    if (!instance.next_batch(batch).ok()) return;
    HeldBatch(library_, batch, 1);
    throw Broken(call + " succeeded");
  }

  const Subject& subject_;
  const Library library_;
  JudgeClock clock_;
};

}  // namespace

std::string call_order(const Subject& subject) {
  CallOrder law(subject);
  law.next_batch_needs_configure();
  law.configure_happens_once();
  law.nothing_follows_a_refusal();
  law.instances_come_and_go();
  law.instances_are_apart();
  law.any_thread_may_call();
  return std::to_string(kInstances) + " instances, calls from several threads";
}

}  // namespace judge
