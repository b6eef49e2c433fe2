#include "plugins/aikido_activity_log/activity_page.hpp"

#include <openssl/evp.h>
#include <simdjson.h>

#include <array>
#include <deque>
#include <functional>

#include "plugins/aikido_activity_log/json_walk.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"

namespace aikido {
namespace {

using simdjson::ondemand::document;

constexpr size_t kHashBytes = 16;
constexpr uint64_t kFingerprintPrime = 0x100000001B3;

// What the records of a page view.
struct PageMemory {
  std::string body;
  std::deque<std::array<char, 1 + 2 * kHashBytes>> hashes;  // of records without an id
};

Error invalid(const std::string& what) {
  return {Status::kProtocol,
          "Aikido's activity log answered with invalid data: " + what +
              "; nothing is lost, the same page is asked for again. If it stays, tell Aikido"};
}

Error invalid_at(const std::string& what, size_t index, size_t offset) {
  return invalid("record " + std::to_string(index + 1) + " " + what + " (byte " +
                 std::to_string(offset) + ")");
}

// '#' and hexadecimal digits: never equal to a JSON token.
std::string_view hash_of(std::string_view data, PageMemory& memory) {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  auto& text = memory.hashes.emplace_back();
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

Result<void> add_record(simdjson::simdjson_result<simdjson::ondemand::value> element, Page& page,
                        PageMemory& memory) {
  simdjson::ondemand::object object;
  std::string_view raw;
  const size_t index = page.records.size();
  if (const auto error = element.get_object().get(object))
    return invalid("element " + std::to_string(index + 1) +
                   (error == simdjson::INCORRECT_TYPE ? " is not an object" : " is broken"));
  if (object.raw_json().get(raw) != simdjson::SUCCESS)
    return invalid("record " + std::to_string(index + 1) + " has no end");
  const size_t offset = static_cast<size_t>(raw.data() - memory.body.data());
  if (raw.size() > kLargestRecord) return invalid_at("is larger than 4 MiB", index, offset);
  if (index == kMostRecordsInPage) return invalid_at("is one too many", index, offset);
  char* const begin = memory.body.data() + offset;
  const WalkedObject walked = walk_object(begin, begin + raw.size());
  if (walked.problem) return invalid_at(walked.problem, index, offset + walked.problem_at);
  page.records.push_back(to_record(walked, memory));
  return {};
}

uint64_t fingerprint(const std::vector<PageRecord>& records) {
  uint64_t value = 0;
  for (const PageRecord& record : records)
    value = (value ^ std::hash<std::string_view>()(record.id)) * kFingerprintPrime + 1;
  return value;
}

Result<void> read_elements(document& body, Page& page, PageMemory& memory) {
  simdjson::ondemand::array array;
  if (const auto error = body.get_array().get(array))
    return invalid(error == simdjson::INCORRECT_TYPE ? "it is not an array"
                                                     : simdjson::error_message(error));
  for (auto element : array)
    if (Result<void> added = add_record(element, page, memory); !added) return added;
  if (body.current_location().error() != simdjson::OUT_OF_BOUNDS)
    return invalid("the array is broken off, or something follows it");
  return {};
}

}  // namespace

struct ActivityPageParser::Buffers {
  simdjson::ondemand::parser parser;
};

ActivityPageParser::ActivityPageParser() = default;
ActivityPageParser::~ActivityPageParser() = default;

Result<Page> ActivityPageParser::parse(std::string text) {
  if (!buffers_) buffers_ = std::make_unique<Buffers>();
  auto memory = std::make_shared<PageMemory>();
  memory->body = std::move(text);
  memory->body.reserve(memory->body.size() + simdjson::SIMDJSON_PADDING);
  Page page;
  page.records.reserve(kRecordsPerPage);
  document body;
  if (const auto error = buffers_->parser.iterate(memory->body).get(body))
    return invalid(simdjson::error_message(error));
  if (Result<void> read = read_elements(body, page, *memory); !read) return std::move(read).error();
  page.fingerprint = fingerprint(page.records);
  page.memory = std::move(memory);
  return page;
}

void ActivityPageParser::rest() { buffers_.reset(); }

}  // namespace aikido
