#include "plugins/aikido_activity_log/activity_page.hpp"

#include <openssl/evp.h>
#include <simdjson.h>

#include <array>
#include <forward_list>

#include "plugins/aikido_activity_log/json_walk.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"
#include "plugins/aikido_activity_log/seen_id.hpp"

namespace aikido {
namespace {

constexpr size_t kHashBytes = 16;

// What the records of a page view.
struct PageMemory {
  std::string body;
  std::forward_list<std::array<char, 1 + 2 * kHashBytes>> hashes;  // of records without an id
};

Error invalid(const std::string& what) {
  return {Status::kProtocol,
          "Aikido's activity log answered with invalid data: " + what +
              "; nothing is lost, the same page is asked for again. If it stays, tell Aikido"};
}

// No answer of an API: somebody else's, or a page for people.
bool is_markup(std::string_view body) {
  const size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '<';
}

Error markup() {
  return {Status::kProtocol,
          "Aikido's activity log answered with a page of HTML, not with JSON; check that base_url "
          "or region names Aikido itself, and whether a proxy answers in its place"};
}

Error invalid_at(const std::string& what, size_t index, size_t offset) {
  return invalid("record " + std::to_string(index + 1) + " " + what + " (byte " +
                 std::to_string(offset) + " without white space)");
}

// '#' and hexadecimal digits: never equal to a JSON token.
std::string_view hash_of(std::string_view data, PageMemory& memory) {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  auto& text = memory.hashes.emplace_front();
  text[0] = '#';
  for (size_t i = 0; i < kHashBytes; ++i) {
    text[1 + 2 * i] = kHex[digest[i] >> 4];
    text[2 + 2 * i] = kHex[digest[i] & 15];
  }
  return {text.data(), text.size()};
}

// A number, or a text that is not empty.
bool names_a_record(std::string_view token) {
  if (token.empty() || token.size() > kLongestId) return false;
  if (token.front() == '"') return token.size() > 2;
  return token.front() == '-' || (token.front() >= '0' && token.front() <= '9');
}

PageRecord to_record(const WalkedObject& object, PageMemory& memory) {
  PageRecord record;
  record.data = object.text;
  record.has_id = names_a_record(object.id);
  record.id = record.has_id ? object.id : hash_of(object.text, memory);
  record.event_time_ns = parse_record_time(object.timestamp);
  return record;
}

using Records = std::vector<PageRecord>;

Result<void> add_record(const WalkedObject& object, Records& records, PageMemory& memory) {
  const size_t index = records.size();
  if (object.problem) return invalid_at(object.problem, index, object.problem_at);
  const size_t offset = static_cast<size_t>(object.text.data() - memory.body.data());
  if (object.text.size() > kLargestRecord) return invalid_at("is larger than 4 MiB", index, offset);
  if (index == kMostRecordsInPage) return invalid_at("is one too many", index, offset);
  records.push_back(to_record(object, memory));
  return {};
}

// Of the ids in their order, and 0 for none. Checkpoints keep it.
uint64_t fingerprint(const Records& records) {
  uint64_t value = 0;
  for (const PageRecord& record : records)
    value = IdHash::of_text(record.id, value, IdHash::kSomeFactor);
  return records.empty() ? 0 : value | 1;
}

Result<Records> read_records(const JsonTokens& tokens, PageMemory& memory) {
  const char* const text = memory.body.c_str();
  const uint32_t* token = tokens.begin();
  Records records;
  records.reserve(kRecordsPerPage);
  if (text[*token++] != '[') return invalid("it is not an array");
  for (bool more = text[*token] != ']'; more; more = text[*token] == ',' && ++token) {
    if (text[*token] != '{')
      return invalid("element " + std::to_string(records.size() + 1) + " is not an object");
    const WalkedObject object = tokens.walk_object(token);
    if (Result<void> added = add_record(object, records, memory); !added) return added.error();
  }
  if (text[*token] != ']' || token[1] != memory.body.size())
    return invalid("the array is broken off, or something follows it");
  return records;
}

// White space within a record may be all that is wrong. Else the place of what is wrong is counted
// without it.
Result<Records> read_without_space(JsonTokens& tokens, PageMemory& memory, Error as_sent) {
  if (memory.body[*tokens.begin()] != '[') return as_sent;
  const size_t sent = memory.body.size();
  if (const char* problem = tokens.find_without_space(memory.body)) return invalid(problem);
  if (memory.body.size() == sent) return as_sent;
  return read_records(tokens, memory);
}

}  // namespace

ActivityPageParser::ActivityPageParser() = default;
ActivityPageParser::~ActivityPageParser() = default;

Result<Page> ActivityPageParser::parse(std::string body) {
  if (is_markup(body)) return markup();
  if (!tokens_) tokens_ = std::make_unique<JsonTokens>();
  auto memory = std::make_shared<PageMemory>();
  memory->body = std::move(body);
  if (const char* problem = tokens_->find(memory->body)) return invalid(problem);
  Result<Records> records = read_records(*tokens_, *memory);
  if (!records) records = read_without_space(*tokens_, *memory, records.error());
  if (!records) return records.error();
  Page page;
  page.records = *std::move(records);
  page.fingerprint = fingerprint(page.records);
  page.memory = std::move(memory);
  return page;
}

void ActivityPageParser::rest() { tokens_.reset(); }

}  // namespace aikido
