#include "host_sim/crash_report.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "host_sim/command_line.hpp"
#include "host_sim/plugin_call.hpp"

namespace host {
namespace {

struct Fatal {
  int number;
  std::string_view name;
  struct sigaction before;  // the default action, or a sanitizer's
};
Fatal fatal_signals[] = {{SIGSEGV, "SIGSEGV", {}},
                         {SIGBUS, "SIGBUS", {}},
                         {SIGILL, "SIGILL", {}},
                         {SIGFPE, "SIGFPE", {}},
                         {SIGABRT, "SIGABRT", {}}};
bool as_json = false;
bool briefly = false;
int reported_to = STDERR_FILENO;

// Built without a single allocation, for the heap may be what broke.
class Line {
 public:
  Line& operator<<(std::string_view text) {
    const size_t fits = std::min(text.size(), text_.size() - size_);
    std::copy_n(text.data(), fits, text_.data() + size_);
    size_ += fits;
    return *this;
  }
  void write() const { static_cast<void>(::write(reported_to, text_.data(), size_)); }

 private:
  std::array<char, 640> text_;
  size_t size_ = 0;
};

void tell_briefly(const PluginTrace* plugin, std::string_view what, std::string_view how) {
  Line line;
  line << "it" << what << (plugin ? plugin->call_in_progress() : "a thread of its own") << " ("
       << how << ")";
  line.write();
}

// Names of pipelines and plugins need no escapes in JSON.
void tell(const PluginTrace* plugin, std::string_view what, std::string_view how) {
  if (briefly) return tell_briefly(plugin, what, how);
  const std::string_view pipeline = plugin ? plugin->pipeline() : std::string_view();
  Line line;
  line << (as_json ? R"({"level":"error","pipeline":")" : "host_sim: ") << pipeline
       << (as_json            ? R"(","text":")"
           : pipeline.empty() ? ""
                              : ": ");
  if (plugin)
    line << "the plugin " << plugin->plugin() << what << plugin->call_in_progress();
  else
    line << "the host crashed outside of every call into a plugin: in the host itself, or on a "
            "thread that a plugin has started";
  line << " (" << how << "); what was not committed is read again at the next start"
       << (as_json ? "\"}\n" : "\n");
  line.write();
}

void on_fatal_signal(int number, siginfo_t* about, void*) {
  for (const Fatal& fatal : fatal_signals) {
    if (fatal.number != number) continue;
    tell(plugin_that_is_called(), " crashed in ", fatal.name);
    ::sigaction(number, &fatal.before, nullptr);
  }
  // A fault comes again when this returns; what was sent does not.
  if (about->si_code <= 0) std::raise(number);
}

// Only the thread itself can tell where it is, and a signal makes it look.
constexpr int kLookSignal = SIGALRM;
constexpr std::chrono::seconds kLooksWithin(1);
std::atomic<bool> looked = false;

void on_look_signal(int) {
  if (const PluginTrace* plugin = plugin_that_is_called()) {
    tell(plugin, " has not returned from ", "the host has to stop");
    ::_exit(kExitFailed);
  }
  looked = true;
}

}  // namespace

void end_if_thread_is_inside_a_plugin(pthread_t thread) {
  struct sigaction action {};
  action.sa_handler = on_look_signal;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  ::sigaction(kLookSignal, &action, nullptr);
  if (pthread_kill(thread, kLookSignal) != 0) return;
  // A plugin may have blocked all signals.
  const auto until = std::chrono::steady_clock::now() + kLooksWithin;
  while (!looked && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void report_crashes(LogFormat format) {
  as_json = format == LogFormat::kJson;
  struct sigaction action {};
  action.sa_sigaction = on_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (Fatal& fatal : fatal_signals) ::sigaction(fatal.number, &action, &fatal.before);
  std::at_quick_exit(end_if_inside_a_plugin);
}

void report_crashes_briefly(int descriptor) {
  briefly = true;
  reported_to = descriptor;
}

void end_if_inside_a_plugin() {
  const PluginTrace* plugin = plugin_that_is_called();
  if (!plugin) return;
  tell(plugin, " ended the process in ", "exit");
  ::_exit(kExitFailed);
}

}  // namespace host
