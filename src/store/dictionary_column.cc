// SPDX-License-Identifier: Apache-2.0
#include "store/dictionary_column.h"

#include <xxhash.h>

#include "store/native_writer.h"

namespace skep {
namespace {

constexpr uint64_t kKeysVersion = 1;             // "shared dictionaries with additional keys"
constexpr uint64_t kHasKeysOfThisBlock = 0x600;  // additional keys, and the dictionary changes
constexpr size_t kSlotsAtFirst = 64;

template <typename T>
void AppendIndexes(const std::vector<uint32_t>& rows, Bytes* out) {
  const size_t begin = out->size();
  out->ResizeUninitialized(begin + rows.size() * sizeof(T));
  char* at = out->data() + begin;
  for (const uint32_t row : rows) {
    const T index = static_cast<T>(row);
    std::memcpy(at, &index, sizeof(T));
    at += sizeof(T);
  }
}

}  // namespace

void DictionaryColumn::Clear() {
  texts_.Clear();
  ends_.clear();
  hashes_.clear();
  slots_.assign(kSlotsAtFirst, 0);
  rows_.clear();
  last_ = kNone;
  // The engine wants the type's default value as the first key.
  Find({});
}

uint32_t DictionaryColumn::Find(std::string_view text) {
  const uint64_t hash = XXH3_64bits(text.data(), text.size());
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    const uint32_t number = slots_[at] - 1;
    if (hashes_[number] == hash && Text(number) == text) return number;
  }
  const auto number = static_cast<uint32_t>(ends_.size());
  texts_.Append(text);
  ends_.push_back(texts_.size());
  hashes_.push_back(hash);
  slots_[at] = number + 1;
  if (ends_.size() * 2 > slots_.size()) Grow();
  return number;
}

void DictionaryColumn::Grow() {
  std::vector<uint32_t> bigger(slots_.size() * 2, 0);
  const size_t mask = bigger.size() - 1;
  for (uint32_t number = 0; number < ends_.size(); ++number) {
    size_t at = hashes_[number] & mask;
    while (bigger[at] != 0) at = (at + 1) & mask;
    bigger[at] = number + 1;
  }
  slots_ = std::move(bigger);
}

void DictionaryColumn::Encode(Bytes* out) const {
  const uint64_t width = ends_.size() <= 0x100 ? 0 : ends_.size() <= 0x10000 ? 1 : 2;
  out->AppendRaw(kKeysVersion);
  out->AppendRaw(width | kHasKeysOfThisBlock);
  out->AppendRaw<uint64_t>(ends_.size());
  for (uint32_t number = 0; number < ends_.size(); ++number) native::AppendText(Text(number), out);
  out->AppendRaw<uint64_t>(rows_.size());
  if (width == 0) return AppendIndexes<uint8_t>(rows_, out);
  if (width == 1) return AppendIndexes<uint16_t>(rows_, out);
  AppendIndexes<uint32_t>(rows_, out);
}

}  // namespace skep
