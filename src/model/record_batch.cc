// SPDX-License-Identifier: Apache-2.0
#include "model/record_batch.h"

#include <cstring>

#include "base/check.h"

namespace skep {
namespace {

// Attribute names are short and few; what counts is that one multiply spreads length, head and
// tail.
uint64_t HashName(std::string_view name) {
  uint64_t head = 0;
  uint64_t tail = 0;
  if (name.size() >= 8) {
    std::memcpy(&head, name.data(), 8);
    std::memcpy(&tail, name.data() + name.size() - 8, 8);
  } else if (!name.empty()) {
    std::memcpy(&head, name.data(), name.size());
  }
  uint64_t middle = 0;
  if (name.size() > 16) std::memcpy(&middle, name.data() + name.size() / 2 - 4, 8);
  uint64_t h =
      (head ^ (tail * 0x9E3779B97F4A7C15ull) ^ (middle * 0xC2B2AE3D27D4EB4Full)) + name.size();
  h *= 0xFF51AFD7ED558CCDull;
  return h ^ (h >> 32);
}

}  // namespace

RecordBatch::RecordBatch() : slots_(128, 0) {}

RecordBatch::RecordBatch(Bytes body) : body_(std::move(body)), slots_(128, 0) {}

KeyId RecordBatch::Key(std::string_view name) { return Intern(name, false); }

KeyId RecordBatch::KeyCopied(std::string_view name) { return Intern(name, true); }

KeyId RecordBatch::Intern(std::string_view name, bool copy) {
  const size_t mask = slots_.size() - 1;
  size_t at = HashName(name) & mask;
  while (slots_[at] != 0) {
    const KeyId id = slots_[at] - 1;
    if (keys_[id] == name) return id;
    at = (at + 1) & mask;
  }
  const auto id = static_cast<KeyId>(keys_.size());
  keys_.push_back(copy ? arena_.Copy(name) : name);
  key_states_.emplace_back();
  slots_[at] = id + 1;
  if (keys_.size() * 2 > slots_.size()) Grow();
  return id;
}

void RecordBatch::Grow() {
  std::vector<uint32_t> bigger(slots_.size() * 2, 0);
  const size_t mask = bigger.size() - 1;
  for (KeyId id = 0; id < keys_.size(); ++id) {
    size_t at = HashName(keys_[id]) & mask;
    while (bigger[at] != 0) at = (at + 1) & mask;
    bigger[at] = id + 1;
  }
  slots_ = std::move(bigger);
}

void RecordBatch::BeginShared(SharedSet outer) {
  shared_begin_ = static_cast<uint32_t>(attributes_.size());
  for (uint32_t i = outer.begin; i < outer.end; ++i) {
    const Attribute copy = attributes_[i];
    AddShared(copy.key, copy.value);
  }
}

void RecordBatch::AddShared(KeyId key, Value value) {
  KeyState& state = key_states_[key];
  if (state.shared_begin == shared_begin_ + 1) {
    attributes_[state.shared_index].value = value;
    return;
  }
  state.shared_begin = shared_begin_ + 1;
  state.shared_index = static_cast<uint32_t>(attributes_.size());
  attributes_.push_back({key, value});
}

SharedSet RecordBatch::EndShared() {
  return {shared_begin_, static_cast<uint32_t>(attributes_.size())};
}

Record& RecordBatch::BeginRecord(SharedSet shared) {
  Record& record = records_.emplace_back();
  record.own_begin = record.own_end = static_cast<uint32_t>(attributes_.size());
  record.shared_begin = shared.begin;
  record.shared_end = shared.end;
  return record;
}

void RecordBatch::Add(KeyId key, Value value) {
  const Record& record = records_.back();
  const auto number = static_cast<uint32_t>(records_.size());
  KeyState& state = key_states_[key];
  // A record number can come again after DropRecord; its attributes then begin before own_index
  // says.
  if (state.own_record == number && state.own_index >= record.own_begin &&
      state.own_index < attributes_.size() && attributes_[state.own_index].key == key) {
    attributes_[state.own_index].value = value;
    return;
  }
  state.own_record = number;
  state.own_index = static_cast<uint32_t>(attributes_.size());
  const bool clash = state.shared_begin == record.shared_begin + 1 &&
                     state.shared_index < record.shared_end && record.shared_end != 0;
  const uint32_t shared_index = state.shared_index;
  attributes_.push_back({key, value});
  if (clash && attributes_[shared_index].value != value) {
    const Value hidden = attributes_[shared_index].value;
    Add(arena_.Concat("resource.", keys_[key]), hidden);
  }
}

void RecordBatch::EndRecord() {
  records_.back().own_end = static_cast<uint32_t>(attributes_.size());
}

void RecordBatch::DropRecord() {
  SKEP_CHECK(!records_.empty());
  attributes_.resize(records_.back().own_begin, Attribute{0, Value::Int(0)});
  records_.pop_back();
}

const Value* RecordBatch::Find(const Record& record, std::string_view name) const {
  for (uint32_t i = record.own_begin; i < record.own_end; ++i)
    if (keys_[attributes_[i].key] == name) return &attributes_[i].value;
  for (uint32_t i = record.shared_begin; i < record.shared_end; ++i)
    if (keys_[attributes_[i].key] == name) return &attributes_[i].value;
  return nullptr;
}

}  // namespace skep
