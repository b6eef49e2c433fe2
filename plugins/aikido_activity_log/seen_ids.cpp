#include "plugins/aikido_activity_log/seen_ids.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

namespace aikido {
namespace {

uint32_t hash_of(std::string_view id, bool hashed) {
  return static_cast<uint32_t>(std::hash<std::string_view>()(id) + (hashed ? 1 : 0));
}

}  // namespace

std::optional<size_t> SeenIds::find(std::string_view id, bool hashed) const {
  if (slots_.empty()) return std::nullopt;
  const uint32_t found = slots_[slot(id, hashed, hash_of(id, hashed))].next_place;
  if (found == 0) return std::nullopt;
  return found - 1;
}

std::optional<size_t> SeenIds::add(const SeenEntry& entry) {
  const std::optional<size_t> place = put(entry);
  if (!place) codec_.append(entry, encoded_);
  return place;
}

std::optional<size_t> SeenIds::put(const SeenEntry& entry) {
  // In large steps, for at each of them all are put in anew.
  if (slots_.size() < 2 * (entries_.size() + 1))
    make_slots(std::max<size_t>(64, 4 * slots_.size()));
  const uint32_t hash = hash_of(entry.id, entry.hashed);
  Slot& found = slots_[slot(entry.id, entry.hashed, hash)];
  if (found.next_place != 0) return found.next_place - 1;
  entries_.push_back({static_cast<uint32_t>(texts_.size()), static_cast<uint32_t>(entry.id.size()),
                      entry.time_s, entry.hashed, entry.untimed, entry.pinned});
  texts_.append(entry.id);
  found = {hash, static_cast<uint32_t>(entries_.size())};
  return std::nullopt;
}

void SeenIds::shown_again(size_t place, int64_t sweep_end_s, bool pinned) {
  Item& item = entries_[place];
  const bool changes = sweep_end_s > item.time_s || (pinned && !item.pinned);
  if (!item.untimed || !changes) return;
  item.time_s = std::max(item.time_s, sweep_end_s);
  item.pinned |= pinned;
  rewritten_ = true;
  codec_.append(entry(item), encoded_);
}

std::optional<int64_t> SeenIds::first_time_s(int64_t from_s) const {
  std::optional<int64_t> first;
  for (const Item& item : entries_)
    if (item.time_s >= from_s && (!first || item.time_s < *first)) first = item.time_s;
  return first;
}

void SeenIds::prune(int64_t floor_s, bool keep_pinned) {
  const auto goes = [&](const Item& item) {
    return item.time_s < floor_s && !(item.pinned && keep_pinned);
  };
  const auto stale_pin = [&](const Item& item) { return item.pinned && !keep_pinned; };
  if (!rewritten_ && std::none_of(entries_.begin(), entries_.end(),
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

// There may be a hundred thousand of them before the first page, so all is read twice, the first
// time for the room that it takes, and the persisted form is taken as it is.
std::optional<SeenIds> SeenIds::decode(std::string_view encoded) {
  const std::optional<Room> room = room_for(encoded);
  if (!room) return std::nullopt;
  SeenIds seen;
  seen.entries_.reserve(room->entries);
  seen.texts_.reserve(std::min(room->texts, kMostText));
  if (room->entries > 0) seen.make_slots(std::bit_ceil(2 * (room->entries + 1)));
  ByteReader in(encoded);
  for (SeenEntry entry; !in.at_end();) {
    seen.codec_.read(in, entry);
    if (seen.texts_.size() + entry.id.size() > kMostText) return std::nullopt;
    const std::optional<size_t> place = seen.put(entry);
    if (!place) continue;
    Item& item = seen.entries_[*place];
    item.time_s = entry.time_s;
    item.untimed = entry.untimed;
    item.pinned = entry.pinned;
    seen.rewritten_ = true;
  }
  seen.encoded_ = encoded;
  return seen;
}

std::optional<SeenIds::Room> SeenIds::room_for(std::string_view encoded) {
  Room room;
  SeenCodec codec;
  ByteReader in(encoded);
  for (SeenEntry entry; !in.at_end(); ++room.entries) {
    if (!codec.read(in, entry)) return std::nullopt;
    room.texts += entry.id.size();
    // Some ids come again with another time; of hostile ones each could be as long as all of it.
    if (room.texts > 4 * kMostText) return std::nullopt;
  }
  if (!in.ok()) return std::nullopt;
  return room;
}

SeenEntry SeenIds::entry(const Item& item) const {
  const std::string_view id = std::string_view(texts_).substr(item.offset, item.size);
  return {id, item.hashed, item.untimed, item.pinned, item.time_s};
}

// The slot that holds the id, or the free one where it belongs. What lies in the way is mostly told
// by its hash: to look at its entry would be another miss of the cache.
size_t SeenIds::slot(std::string_view id, bool hashed, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& found = slots_[at];
    if (found.next_place == 0) return at;
    if (found.hash != hash) continue;
    const Item& item = entries_[found.next_place - 1];
    if (item.hashed == hashed && std::string_view(texts_).substr(item.offset, item.size) == id)
      return at;
  }
}

void SeenIds::make_slots(size_t count) {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(count));
  const size_t mask = count - 1;
  for (const Slot& slot : before) {
    if (slot.next_place == 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].next_place != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

uint32_t SeenIds::encoded_crc() const {
  const auto* added = reinterpret_cast<const Bytef*>(encoded_.data() + crc_size_);
  crc_ = static_cast<uint32_t>(crc32_z(crc_, added, encoded_.size() - crc_size_));
  crc_size_ = encoded_.size();
  return crc_;
}

}  // namespace aikido
