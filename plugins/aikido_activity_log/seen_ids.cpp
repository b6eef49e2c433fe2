#include "plugins/aikido_activity_log/seen_ids.hpp"

#include <zlib.h>

#include <algorithm>
#include <functional>

namespace aikido {
namespace {

uint32_t hash_of(std::string_view id, bool hashed) {
  return static_cast<uint32_t>(std::hash<std::string_view>()(id) + (hashed ? 1 : 0));
}

}  // namespace

std::optional<size_t> SeenIds::find(std::string_view id, bool hashed) const {
  if (slots_.empty()) return std::nullopt;
  const size_t found = *slot(id, hashed, hash_of(id, hashed));
  if (found == 0) return std::nullopt;
  return found - 1;
}

std::optional<size_t> SeenIds::add(const SeenEntry& entry) {
  if (slots_.size() < 2 * (entries_.size() + 1)) grow();
  const uint32_t hash = hash_of(entry.id, entry.hashed);
  const auto found = slot(entry.id, entry.hashed, hash);
  if (*found != 0) return *found - 1;
  entries_.push_back({static_cast<uint32_t>(texts_.size()), static_cast<uint32_t>(entry.id.size()),
                      hash, entry.time_s, entry.hashed, entry.untimed, entry.pinned});
  texts_.append(entry.id);
  slots_[static_cast<size_t>(found - slots_.cbegin())] = static_cast<uint32_t>(entries_.size());
  codec_.append(entry, encoded_);
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

std::optional<SeenIds> SeenIds::decode(std::string_view encoded) {
  SeenIds seen;
  SeenCodec codec;
  ByteReader in(encoded);
  SeenEntry entry;
  while (!in.at_end()) {
    if (!codec.read(in, entry) || seen.texts_.size() + entry.id.size() > kMostText)
      return std::nullopt;
    const std::optional<size_t> place = seen.add(entry);
    if (!place) continue;
    Item& item = seen.entries_[*place];
    item.time_s = entry.time_s;
    item.untimed = entry.untimed;
    item.pinned = entry.pinned;
    seen.rewritten_ = true;
    seen.codec_.append(entry, seen.encoded_);
  }
  if (!in.ok()) return std::nullopt;
  return seen;
}

SeenEntry SeenIds::entry(const Item& item) const {
  const std::string_view id = std::string_view(texts_).substr(item.offset, item.size);
  return {id, item.hashed, item.untimed, item.pinned, item.time_s};
}

// The slot that holds the id, or the free one where it belongs.
std::vector<uint32_t>::const_iterator SeenIds::slot(std::string_view id, bool hashed,
                                                    uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    const auto found = slots_.cbegin() + static_cast<std::ptrdiff_t>(at);
    if (*found == 0) return found;
    const Item& item = entries_[*found - 1];
    if (item.hash == hash && item.hashed == hashed &&
        std::string_view(texts_).substr(item.offset, item.size) == id)
      return found;
  }
}

void SeenIds::grow() {
  slots_.assign(std::max<size_t>(64, 2 * slots_.size()), 0);
  const size_t mask = slots_.size() - 1;
  for (size_t place = 0; place < entries_.size(); ++place) {
    size_t at = entries_[place].hash & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<uint32_t>(place + 1);
  }
}

uint32_t SeenIds::encoded_crc() const {
  const auto* added = reinterpret_cast<const Bytef*>(encoded_.data() + crc_size_);
  crc_ = static_cast<uint32_t>(crc32_z(crc_, added, encoded_.size() - crc_size_));
  crc_size_ = encoded_.size();
  return crc_;
}

}  // namespace aikido
