// Named moments between two steps that must survive a crash. Tests die there; the program that is
// shipped installs no hook.
#pragma once

#include <functional>
#include <string_view>

namespace host {

class CrashPoints {
 public:
  using Hook = std::function<void(std::string_view where)>;

  CrashPoints() = default;
  // `hook` may throw or end the process; any thread calls it.
  explicit CrashPoints(Hook hook) : hook_(std::move(hook)) {}

  bool armed() const { return static_cast<bool>(hook_); }
  void at(std::string_view where) const {
    if (hook_) hook_(where);
  }

 private:
  Hook hook_;
};

}  // namespace host
