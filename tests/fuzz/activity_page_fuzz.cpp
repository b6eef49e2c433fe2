// A page of the activity log: taken exactly where nlohmann calls it valid, its records byte for
// byte what was sent but for white space, with the ids and times that the page's rules say.
#include "plugins/aikido_activity_log/activity_page.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"
#include "tests/aikido_activity_log/page_judge.hpp"
#include "tests/fuzz/compact_json.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using aikido::Page;
using aikido::PageRecord;
using fuzz::law;

bool is_scalar(std::string_view token) { return token.front() != '{' && token.front() != '['; }

// The first scalar member of that name as it was written, or empty.
std::string_view first_scalar(const std::vector<fuzz::Member>& members, std::string_view key) {
  for (const fuzz::Member& member : members)
    if (member.key == key && is_scalar(member.value)) return member.value;
  return {};
}

void check_record(const PageRecord& record) {
  law(!record.id.empty(), "every record has an id");
  const std::vector<fuzz::Member> members = fuzz::members_of(record.data);
  const std::string_view id = first_scalar(members, "\"id\"");
  const bool usable = !id.empty() && id != "\"\"" && id != "null" && id != "true" &&
                      id != "false" && id.size() <= aikido::kLongestId;
  law(record.has_id == usable, "an id is a number or a text that is not empty");
  if (usable) law(record.id == id, "the id is the token as it was sent");
  if (!usable) law(record.id.size() == 33 && record.id[0] == '#', "else a hash stands in");
  const std::string_view time = first_scalar(members, "\"timestamp\"");
  law(record.event_time_ns == aikido::parse_record_time(time), "the time is that of timestamp");
}

void check_page(const Page& page, const std::string& sent) {
  std::string again = "[";
  for (const PageRecord& record : page.records) {
    again.append(again.size() > 1 ? "," : "").append(record.data);
    check_record(record);
  }
  law(again + "]" == aikido::without_space(sent), "records are untouched but for white space");
  law((page.fingerprint == 0) == page.records.empty(), "only an empty page has no fingerprint");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const std::optional<bool> valid = aikido::is_array_of_objects(text);
  static aikido::ActivityPageParser parser;  // as it serves: one for all pages
  const aikido::Result<Page> page = parser.parse(text);
  if (valid) law(static_cast<bool>(page) == *valid, "valid pages are taken, others refused");
  if (page) return check_page(*page, text), 0;
  law(page.error().status == connector::Status::kProtocol, "a refusal is PROTOCOL");
  law(!fuzz::has_control(page.error().text), "a refusal is one line");
  return 0;
}
