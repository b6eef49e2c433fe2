#include "plugins/aikido_activity_log/seen_ids.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aikido {

using seen_flags::kHashed, seen_flags::kInteger, seen_flags::kPinned, seen_flags::kUntimed;

std::optional<size_t> SeenIds::find(const SeenId& id, bool hashed) const {
  return table_.find(hash_(id, hashed),
                     [&](size_t place) { return is(entries_[place], id, hashed); });
}

std::optional<size_t> SeenIds::add(const SeenEntry& entry) {
  // In large steps, for at each of them all are put in anew.
  if (entries_.size() >= table_.room()) make_table(4 * table_.room());
  // It is there before the table says so, for memory may end here.
  const size_t own = entries_.size();
  const size_t text = texts_.size();
  push(entry);
  const size_t place = table_.find_or_put(hash_(entry.id, entry.hashed), own, [&](size_t known) {
    return is(entries_[known], entry.id, entry.hashed);
  });
  if (place == own) {
    log(entry);
    return std::nullopt;
  }
  entries_.pop_back();
  texts_.resize(text);
  return place;
}

void SeenIds::push(const SeenEntry& entry) {
  int64_t id = entry.id.integer;
  if (!entry.id.is_integer) {
    id = static_cast<int64_t>(texts_.size() << 32 | entry.id.text.size());
    texts_.append(entry.id.text);
  }
  entries_.push_back({id, entry.time_and_flags()});
}

void SeenIds::log(const SeenEntry& entry) {
  codec_.append(entry, encoded_);
  amount_ = amount_ + SeenAmount{1, entry.id.text.size()};
}

void SeenIds::shown_again(size_t place, int64_t sweep_end_s, bool pinned) {
  Item& item = entries_[place];
  const bool changes = sweep_end_s > item.time_s() || (pinned && !item.is(kPinned));
  if (!item.is(kUntimed) || !changes) return;
  SeenEntry shown = entry(item);
  shown.time_s = std::max(shown.time_s, sweep_end_s);
  shown.pinned |= pinned;
  item.time_and_flags = shown.time_and_flags();
  log(shown);
}

std::optional<int64_t> SeenIds::first_time_s(int64_t from_s) const {
  std::optional<int64_t> first;
  for (const Item& item : entries_)
    if (item.time_s() >= from_s && (!first || item.time_s() < *first)) first = item.time_s();
  return first;
}

void SeenIds::prune(int64_t floor_s, bool keep_pinned) {
  const auto goes = [&](const Item& item) {
    return item.time_s() < floor_s && !(item.is(kPinned) && keep_pinned);
  };
  const auto stale_pin = [&](const Item& item) { return item.is(kPinned) && !keep_pinned; };
  const bool rewritten = amount_.entries > entries_.size();  // the log holds what is replaced
  if (!rewritten && std::none_of(entries_.begin(), entries_.end(),
                                 [&](const Item& item) { return goes(item) || stale_pin(item); }))
    return;
  SeenIds kept;
  for (const Item& item : entries_) {
    if (goes(item)) continue;
    SeenEntry stays = entry(item);
    stays.pinned = stays.pinned && keep_pinned;
    kept.add(stays);
  }
  *this = std::move(kept);
}

void SeenIds::absorb(const SeenIds& other, int64_t untimed_until_s) {
  for (const Item& item : other.entries_) {
    SeenEntry from = other.entry(item);
    if (from.untimed) from.time_s = std::max(from.time_s, untimed_until_s);
    if (const std::optional<size_t> place = add(from)) shown_again(*place, from.time_s, false);
  }
}

// There may be half a million of them before the first page: memory is taken once and for what
// there is, the table is made when all are there, and the persisted form is taken as it is.
std::optional<SeenIds> SeenIds::decode(std::string_view encoded) {
  SeenIds seen;
  seen.amount_ = SeenCodec::amount(encoded, kMostSeen);
  if (!seen.amount_.within(kMostSeen)) return std::nullopt;
  seen.entries_.reserve(seen.amount_.entries);
  seen.texts_.reserve(seen.amount_.text);
  ByteReader in(encoded);
  for (SeenEntry entry; !in.at_end(); seen.push(entry))
    if (!seen.codec_.read(in, entry)) return std::nullopt;
  if (!seen.entries_.empty()) seen.make_table(seen.entries_.size());
  seen.encoded_ = encoded;
  return seen;
}

SeenEntry SeenIds::entry(const Item& item) const {
  SeenEntry entry;
  entry.id = id(item);
  entry.set_time_and_flags(item.time_and_flags);
  return entry;
}

SeenId SeenIds::id(const Item& item) const {
  if (item.is(kInteger)) return SeenId::of_integer(item.id);
  const auto place = static_cast<uint64_t>(item.id);
  return SeenId::of_text(std::string_view(texts_).substr(place >> 32, place & UINT32_MAX));
}

bool SeenIds::is(const Item& item, const SeenId& wanted, bool hashed) const {
  if (item.is(kHashed) != hashed || item.is(kInteger) != wanted.is_integer) return false;
  return wanted.is_integer ? item.id == wanted.integer : id(item).text == wanted.text;
}

// Block by block: by the time that a block's slots are needed, the memory has brought them.
void SeenIds::make_table(size_t places) {
  if (table_.room() == 0) hash_ = IdHash::seeded_by_the_system();
  table_.reset(places);
  std::array<uint64_t, 16> hashes{};
  size_t kept = 0;
  for (size_t first = 0; first < entries_.size(); first += hashes.size()) {
    const size_t count = std::min(hashes.size(), entries_.size() - first);
    for (size_t i = 0; i < count; ++i) {
      const Item& item = entries_[first + i];
      table_.expect(hashes[i] = hash_(id(item), item.is(kHashed)));
    }
    for (size_t i = 0; i < count; ++i) {
      const Item item = entries_[first + i];
      const size_t place = table_.find_or_put(hashes[i], kept, [&](size_t known) {
        return is(entries_[known], id(item), item.is(kHashed));
      });
      entries_[place] = item;
      if (place == kept) ++kept;
    }
  }
  entries_.resize(kept);
}

uint32_t SeenIds::encoded_crc() const {
  const auto* added = reinterpret_cast<const Bytef*>(encoded_.data() + crc_size_);
  crc_ = static_cast<uint32_t>(crc32_z(crc_, added, encoded_.size() - crc_size_));
  crc_size_ = encoded_.size();
  return crc_;
}

}  // namespace aikido
