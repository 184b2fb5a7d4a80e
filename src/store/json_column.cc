// SPDX-License-Identifier: Apache-2.0
#include "store/json_column.h"

#include <xxhash.h>

#include <cstring>

#include "store/native_writer.h"

namespace skep {
namespace {

constexpr uint64_t kFlattened = 3;
constexpr size_t kSlotsAtFirst = 256;
constexpr size_t kVarintMax = 10;
constexpr std::array<std::string_view, 4> kTypeNames = {"Int64", "Float64", "Bool", "String"};

// A Bytes::Append of the length and one of the text, in one go: this is where most of the time of
// forming a block goes.
void AppendPackedText(std::string_view text, Bytes* out) {
  const size_t begin = out->size();
  out->ResizeUninitialized(begin + kVarintMax + text.size());
  char* at = out->data() + begin;
  size_t size = text.size();
  while (size >= 0x80) {
    *at++ = static_cast<char>(size | 0x80);
    size >>= 7;
  }
  *at++ = static_cast<char>(size);
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  out->ResizeUninitialized(static_cast<size_t>(at - out->data()) + text.size());
}

}  // namespace

void JsonColumn::Path::FillUpTo(size_t row) {
  const size_t begin = types_.size();
  if (begin >= row) return;
  types_.ResizeUninitialized(row);
  std::memset(types_.data() + begin, kAbsent, row - begin);
}

void JsonColumn::Path::Append(size_t row, const Value& value) {
  FillUpTo(row);
  types_.PushBack(static_cast<char>(value.type()));
  Bytes& out = values_[static_cast<size_t>(value.type())];
  switch (value.type()) {
    case ValueType::kInt64:
      out.AppendRaw(value.int64());
      break;
    case ValueType::kFloat64:
      out.AppendRaw(value.float64());
      break;
    case ValueType::kBool:
      out.PushBack(value.boolean() ? 1 : 0);
      break;
    case ValueType::kString:
      AppendPackedText(value.text(), &out);
      break;
  }
}

void JsonColumn::Path::EncodeTypes(Bytes* out) const {
  size_t count = 0;
  for (const Bytes& values : values_) count += values.empty() ? 0 : 1;
  out->AppendRaw(kFlattened);
  native::AppendVarint(count, out);
  for (size_t type = 0; type < kTypes; ++type)
    if (!values_[type].empty()) native::AppendText(kTypeNames[type], out);
}

void JsonColumn::Path::EncodeRows(Bytes* out) const {
  std::array<uint8_t, 256> number{};
  uint8_t count = 0;
  for (size_t type = 0; type < kTypes; ++type)
    if (!values_[type].empty()) number[type] = count++;
  number[kAbsent] = count;
  const size_t begin = out->size();
  out->ResizeUninitialized(begin + types_.size());
  const char* from = types_.data();
  char* to = out->data() + begin;
  for (size_t row = 0; row < types_.size(); ++row)
    to[row] = static_cast<char>(number[static_cast<uint8_t>(from[row])]);
  for (const Bytes& values : values_) out->Append(values.view());
}

JsonColumn::JsonColumn() { MakeSlots(kSlotsAtFirst); }

JsonColumn::Path* JsonColumn::Find(std::string_view name) {
  const uint64_t hash = XXH3_64bits(name.data(), name.size());
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    const size_t index = slots_[at] - 1;
    Path* path = paths_[index].get();
    if (path->hash_ != hash || path->name_ != name) continue;
    used_ += asked_[index] == 0 ? 1 : 0;
    asked_[index] = 1;
    return path;
  }
  paths_.push_back(std::make_unique<Path>(name, hash));
  asked_.push_back(1);
  ++used_;
  slots_[at] = static_cast<uint32_t>(paths_.size());
  if (paths_.size() * 2 > slots_.size()) MakeSlots(slots_.size() * 2);
  return paths_.back().get();
}

void JsonColumn::MakeSlots(size_t size) {
  slots_.assign(size, 0);
  for (uint32_t index = 0; index < paths_.size(); ++index) {
    size_t at = paths_[index]->hash_ & (size - 1);
    while (slots_[at] != 0) at = (at + 1) & (size - 1);
    slots_[at] = index + 1;
  }
}

size_t JsonColumn::EncodedBytes(size_t rows) const {
  size_t bytes = 0;
  for (const auto& path : paths_) {
    if (path->types_.empty()) continue;
    bytes += rows + path->name_.size();
    for (const Bytes& values : path->values_) bytes += values.size();
  }
  return bytes;
}

void JsonColumn::Encode(size_t rows, Bytes* out) {
  std::vector<Path*> present;
  for (const auto& path : paths_) {
    if (path->types_.empty()) continue;
    path->FillUpTo(rows);
    present.push_back(path.get());
  }
  out->AppendRaw(kFlattened);
  native::AppendVarint(present.size(), out);
  for (const Path* path : present) native::AppendText(path->name_, out);
  for (const Path* path : present) path->EncodeTypes(out);
  for (const Path* path : present) path->EncodeRows(out);
}

void JsonColumn::Clear() {
  std::erase_if(paths_, [](const auto& path) { return path->types_.empty(); });
  for (const auto& path : paths_) {
    path->types_.Clear();
    for (Bytes& values : path->values_) values.Clear();
  }
  asked_.assign(paths_.size(), 0);
  used_ = 0;
  size_t slots = kSlotsAtFirst;
  while (paths_.size() * 2 > slots) slots *= 2;
  MakeSlots(slots);
}

}  // namespace skep
