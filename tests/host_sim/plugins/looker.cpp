// A plugin that looks around in the process that it is in, and tells all of it in one record: the
// first bytes of the process, its arguments, and the environment of a child. As soon as its file is
// loaded it looks into its environment, and adds what it sees to the file $LOOKER_SEEN.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "connector_plugin.hpp"

namespace {

using connector::Batch;
using connector::Result;

// As Latin-1, so that any byte is a character.
std::string as_text(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto c = static_cast<unsigned char>(byte);
    if (c >= 0x80) text += static_cast<char>(0xC0 | c >> 6);
    text += c < 0x80 ? byte : static_cast<char>(0x80 | (c & 0x3F));
  }
  return text;
}

std::string file(const char* path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string environment_of_a_child() {
  std::string all;
  if (FILE* child = popen("cat /proc/self/environ", "r")) {
    for (int c = std::fgetc(child); c != EOF; c = std::fgetc(child)) all += static_cast<char>(c);
    pclose(child);
  }
  return all;
}

bool look_at_once() {
  const char* seen = std::getenv("LOOKER_SEEN");
  if (!seen) return false;
  std::ofstream to(seen, std::ios::app);
  for (const char* name : {"LOOKER_KEY", "CONNECTOR_PROXY"})
    if (const char* value = std::getenv(name)) to << name << " is " << value << '\n';
  to << file("/proc/self/environ") << "\nloaded\n";
  return true;
}

const bool kLooked = look_at_once();

int64_t core_limit() {
  rlimit limit{};
  return getrlimit(RLIMIT_CORE, &limit) == 0 ? static_cast<int64_t>(limit.rlim_max) : -1;
}

class Looker {
 public:
  static std::string_view describe() {
    return R"({"name": "looker", "version": "1.0.0", "summary": "Looks around",
               "settings": {"type": "object"}, "pace_key": [], "build": {},
               "secrets": [{"name": "key", "description": "is looked for"}]})";
  }

  explicit Looker(connector::Host host) : host_(host) {}
  Result<void> configure(std::string_view, std::string_view) { return {}; }

  Result<Batch> next_batch(const connector::Request&) {
    const auto key = host_.secret("key");
    const nlohmann::json seen = {{"has_key", key ? key->value().size() : 0},
                                 {"environ", as_text(file("/proc/self/environ"))},
                                 {"cmdline", as_text(file("/proc/self/cmdline"))},
                                 {"child", as_text(environment_of_a_child())},
                                 {"core_limit", core_limit()},
                                 {"dumpable", prctl(PR_GET_DUMPABLE)}};
    const auto memory = std::make_shared<const std::string>(seen.dump());
    Batch batch;
    batch.records.push_back({connector::text(*memory), connector::text("1"), 0});
    batch.checkpoint = "1";
    batch.memory = memory;
    batch.wait = {0, CONNECTOR_WAIT_END};
    return batch;
  }

 private:
  const connector::Host host_;
};

}  // namespace

CONNECTOR_PLUGIN(Looker)
