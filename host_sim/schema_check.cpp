#include "host_sim/schema_check.hpp"

#define VALIJSON_USE_EXCEPTIONS 1
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace host {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

constexpr std::string_view kMissing = "Missing required property '";

// {"<root>", "[actions]", "[0]"} -> "/actions/0"
std::string pointer_of(const std::vector<std::string>& context) {
  json::json_pointer pointer;
  for (size_t i = 1; i < context.size(); ++i)
    pointer.push_back(context[i].substr(1, context[i].size() - 2));
  return pointer.to_string();
}

// A parent repeats that a child of it failed.
bool is_echo(const std::string& text) {
  return text.starts_with("Failed to validate item #") ||
         text.starts_with("Failed to validate against additional properties schema") ||
         text.starts_with("Failed to validate against schema associated with");
}

SchemaFault fault_of(const valijson::ValidationResults::Error& error) {
  SchemaFault fault{pointer_of(error.context), {}, error.description};
  if (fault.text.starts_with(kMissing))
    fault.missing = fault.text.substr(kMissing.size(), fault.text.rfind('\'') - kMissing.size());
  return fault;
}

std::vector<SchemaFault> faults_of(const valijson::ValidationResults& results) {
  std::vector<SchemaFault> faults;
  std::set<std::pair<std::string, std::string>> known;  // pointer, missing
  for (const valijson::ValidationResults::Error& error : results) {
    SchemaFault fault = fault_of(error);
    if (is_echo(fault.text) || !known.emplace(fault.pointer, fault.missing).second) continue;
    faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace

struct SchemaCheck::Impl {
  valijson::Schema schema;
};

Result<SchemaCheck> SchemaCheck::make(const json& schema) {
  auto impl = std::make_unique<Impl>();
  try {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(NlohmannJsonAdapter(schema), impl->schema);
  } catch (const std::exception& why) {
    return Error{Status::kInternal, why.what()};
  }
  return SchemaCheck(std::move(impl));
}

SchemaCheck::SchemaCheck(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SchemaCheck::SchemaCheck(SchemaCheck&& other) noexcept = default;
SchemaCheck::~SchemaCheck() = default;

Result<std::vector<SchemaFault>> SchemaCheck::check(const json& settings) const {
  valijson::ValidationResults results;
  try {
    valijson::Validator validator;
    if (validator.validate(impl_->schema, NlohmannJsonAdapter(settings), &results))
      return std::vector<SchemaFault>();
  } catch (const std::exception& why) {
    return Error{Status::kInternal, why.what()};
  }
  std::vector<SchemaFault> faults = faults_of(results);
  // Never silent, should the validator refuse without a word.
  if (faults.empty()) faults.push_back({"", "", "is refused by the plugin's schema"});
  return faults;
}

}  // namespace host
