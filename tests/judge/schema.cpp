#include "tests/judge/schema.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "tests/judge/verdict.hpp"

namespace judge {

std::optional<std::string> first_mistake(const nlohmann::json& schema,
                                         const nlohmann::json& value) {
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  valijson::Schema compiled;
  try {
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(Adapter(schema), compiled);
  } catch (const std::exception& error) {
    throw Broken(std::string("\"settings\" is no JSON Schema of draft 7: ") + error.what());
  }
  valijson::ValidationResults mistakes;
  valijson::Validator validator;
  if (validator.validate(compiled, Adapter(value), &mistakes)) return {};
  valijson::ValidationResults::Error mistake;
  mistakes.popError(mistake);
  std::string pointer;
  for (const std::string& step : mistake.context) pointer += step;
  return pointer + ": " + mistake.description;
}

}  // namespace judge
