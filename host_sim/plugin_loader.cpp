#include "host_sim/plugin_loader.hpp"

#include <boost/dll/shared_library.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <system_error>

#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_call.hpp"
#include "host_sim/plugin_description.hpp"
#include "host_sim/plugin_file.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

struct Loaded {
  PluginFile file;
  std::shared_ptr<const Plugin> plugin;
};

// What this process has loaded, by real path. As process-wide as the dynamic linker's own list, and
// never taken down, for a plugin's threads may outlive main.
struct Registry {
  std::mutex mutex;
  std::map<fs::path, Loaded> loaded;
  std::deque<dll::shared_library> libraries;  // the refused ones, too: their code has run
};
Registry& registry() {
  static Registry& forever = *new Registry;
  return forever;
}

Error refused_plugin(const fs::path& file, const std::string& why) {
  return {Status::kConfig, "the plugin " + file.string() + " cannot be used: " + why};
}

Error changed_meanwhile(const fs::path& file) {
  return refused_plugin(file, "it was changed while it was loaded; start again");
}

Result<void> check_pin(const fs::path& file, const PluginFile& opened,
                       const std::optional<std::string>& wanted) {
  if (!wanted) return {};
  const Result<std::string> is = opened.sha256();
  if (!is) return is.error();
  if (*wanted == *is) return {};
  return refused_plugin(file, "its SHA-256 is " + *is + ", the manifest demands " + *wanted +
                                  "; install that file, or correct sha256 where this one is right");
}

std::vector<std::string> required_functions() {
  return {"connector_abi_version", "connector_describe", "connector_init",   "connector_configure",
          "connector_next_batch",  "connector_cancel",   "connector_destroy"};
}

// Of a file whose symbols only the linker could read.
std::string missing_functions(const dll::shared_library& library) {
  std::string missing;
  for (const std::string& name : required_functions())
    if (!library.has(name)) missing += (missing.empty() ? "" : ", ") + name;
  return missing;
}

Plugin::Functions functions_of(const dll::shared_library& library) {
  Plugin::Functions functions;
  functions.init = &library.get<decltype(connector_init)>("connector_init");
  functions.configure = &library.get<decltype(connector_configure)>("connector_configure");
  functions.next_batch = &library.get<decltype(connector_next_batch)>("connector_next_batch");
  functions.cancel = &library.get<decltype(connector_cancel)>("connector_cancel");
  functions.destroy = &library.get<decltype(connector_destroy)>("connector_destroy");
  if (library.has("connector_check"))
    functions.check = &library.get<decltype(connector_check)>("connector_check");
  return functions;
}

std::string version_text(uint32_t version) {
  return std::to_string(version >> 16) + "." + std::to_string(version & 0xFFFF);
}

// What a plugin needs must be there: the same major, and no later minor.
std::string version_fault(uint32_t needed) {
  const bool served =
      needed >> 16 == CONNECTOR_ABI_MAJOR && (needed & 0xFFFF) <= CONNECTOR_ABI_MINOR;
  if (served) return {};
  return "it needs version " + version_text(needed) + " of the plugin ABI, this host has " +
         version_text(CONNECTOR_ABI_VERSION) + "; use a plugin and a host of the same time";
}

uint32_t needed_version(const dll::shared_library& library) {
  const PluginCall call("connector_abi_version");
  return library.get<decltype(connector_abi_version)>("connector_abi_version")();
}

connector_text described(const dll::shared_library& library) {
  const PluginCall call("connector_describe");
  connector_text text{};
  library.get<decltype(connector_describe)>("connector_describe")(&text);
  return text;
}

Result<std::shared_ptr<const Plugin>> make_plugin(const fs::path& file,
                                                  const dll::shared_library& library) {
  if (const std::string missing = missing_functions(library); !missing.empty())
    return refused_plugin(
        file, "it does not export " + missing + "; build it with all that a plugin exports");
  const uint32_t needed = needed_version(library);
  if (const std::string fault = version_fault(needed); !fault.empty())
    return refused_plugin(file, fault);
  Result<nlohmann::json> description = read_description(described(library), plugin_stem(file));
  if (!description) return refused_plugin(file, description.error().text);
  return std::make_shared<const Plugin>(file.string(), functions_of(library),
                                        *std::move(description));
}

// Bound now: with lazy binding an unresolved symbol ends the process at its first call.
Result<dll::shared_library*> link(const fs::path& file, std::deque<dll::shared_library>& to) {
  dll::shared_library& library = to.emplace_back();
  const PluginCall call("its loading");
  try {
    library.load(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::system_error& why) {
    std::string text = why.what();
    const std::string code = ": " + why.code().message();  // of an errno that is not the linker's
    if (text.ends_with(code)) text.resize(text.size() - code.size());
    return refused_plugin(file, one_line(text) +
                                    "; install the libraries that it needs, or build it anew on "
                                    "this system");
  }
  return &library;
}

// With the registry's mutex held.
Result<Loaded> load(const fs::path& file, const std::optional<std::string>& wanted) {
  Result<PluginFile> safe = PluginFile::open(file);
  if (!safe) return safe.error();
  if (const Result<void> pin = check_pin(file, *safe, wanted); !pin) return pin.error();
  if (const Result<void> whole = safe->whole(); !whole) return whole.error();
  if (const Result<void> is = safe->exports(required_functions()); !is) return is.error();
  PluginTrace trace("", plugin_stem(file));
  const PluginTurn turn(trace);
  const Result<dll::shared_library*> library = link(file, registry().libraries);
  if (!library) return library.error();
  if (!safe->unchanged()) return changed_meanwhile(file);
  Result<std::shared_ptr<const Plugin>> plugin = make_plugin(file, **library);
  if (!plugin) return plugin.error();
  return Loaded{*std::move(safe), *std::move(plugin)};
}

}  // namespace

std::string plugin_stem(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find(".so"));
}

Result<std::shared_ptr<const Plugin>> load_plugin(const fs::path& file,
                                                  const std::optional<std::string>& sha256) {
  std::error_code missing;
  const fs::path real = fs::canonical(file, missing);
  if (missing) return refused_plugin(file, missing.message() + "; name a plugin's .so file");
  const std::scoped_lock lock(registry().mutex);
  const auto known = registry().loaded.find(real);
  if (known != registry().loaded.end()) {
    // What is hashed only now has to be what was loaded then.
    const PluginFile& opened = known->second.file;
    if (const Result<void> pin = check_pin(real, opened, sha256); !pin) return pin.error();
    if (sha256 && !opened.unchanged()) return changed_meanwhile(real);
    return known->second.plugin;
  }
  Result<Loaded> loaded = load(real, sha256);
  if (!loaded) return loaded.error();
  return registry().loaded.emplace(real, *std::move(loaded)).first->second.plugin;
}

bool is_loaded(const fs::path& file) {
  std::error_code missing;
  const fs::path real = fs::canonical(file, missing);
  const std::scoped_lock lock(registry().mutex);
  return !missing && registry().loaded.contains(real);
}

}  // namespace host
