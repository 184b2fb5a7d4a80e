// SPDX-License-Identifier: Apache-2.0
#include "store/native_column.h"

#include <fmt/format.h>

#include <utility>

#include "base/hex.h"

namespace skep {
namespace {

using Kind = NativeType::Kind;

constexpr uint64_t kKeysVersion = 1;
constexpr uint64_t kIndexWidthMask = 0xFF;
constexpr uint64_t kHasAdditionalKeys = 0x200;
constexpr uint64_t kFlattened = 3;
constexpr uint64_t kJsonAsText = 1;
constexpr uint64_t kDynamicTypesMax = 254;

template <typename Wire, typename T>
void Widen(std::string_view bytes, std::vector<T>* out) {
  const size_t count = bytes.size() / sizeof(Wire);
  const size_t begin = out->size();
  out->resize(begin + count);
  for (size_t i = 0; i < count; ++i) {
    Wire value;
    std::memcpy(&value, bytes.data() + i * sizeof(Wire), sizeof(Wire));
    (*out)[begin + i] = static_cast<T>(value);
  }
}

std::string UuidText(std::string_view raw) {
  // Two numbers of 64 bits, each little endian, the first half first.
  std::string text;
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = static_cast<uint8_t>(raw[i < 8 ? 7 - i : 23 - i]);
    AppendHex(&byte, 1, &text);
  }
  return text;
}

void AppendTextRow(std::string_view text, TextData* out) {
  out->bytes += text;
  out->offsets.push_back(out->bytes.size());
}

// A value of a Dynamic as text.
std::string TextOf(const ResultColumn& column, bool is_bool, size_t row) {
  if (const auto* ints = std::get_if<std::vector<int64_t>>(&column.data))
    return fmt::format("{}", (*ints)[row]);
  if (const auto* uints = std::get_if<std::vector<uint64_t>>(&column.data)) {
    if (is_bool) return (*uints)[row] != 0 ? "true" : "false";
    return fmt::format("{}", (*uints)[row]);
  }
  if (const auto* doubles = std::get_if<std::vector<double>>(&column.data))
    return fmt::format("{}", (*doubles)[row]);
  return std::string(column.Text(row));
}

// The rows of `keys` that `indexes` name, one behind the other.
Status Gather(NativeInput* in, const ResultColumn& keys, const std::vector<uint64_t>& indexes,
              ResultColumn* column) {
  return std::visit(
      [&](const auto& from) -> Status {
        using Data = std::decay_t<decltype(from)>;
        if constexpr (std::is_same_v<Data, ArrayData>) {
          return NativeInput::Broken();
        } else {
          auto& to = std::get<Data>(column->data);
          for (const uint64_t index : indexes) {
            if (index >= from.size()) return NativeInput::Broken();
            if constexpr (std::is_same_v<Data, TextData>) {
              SKEP_TRY(in->Charge(from[index].size()));
              AppendTextRow(from[index], &to);
            } else {
              to.push_back(from[index]);
            }
          }
          return {};
        }
      },
      keys.data);
}

}  // namespace

NativeColumn::NativeColumn(NativeType type) : type_(std::move(type)) {
  for (const NativeType& inner : type_.inner) inner_.emplace_back(inner);
}

void NativeColumn::Prepare(ResultColumn* column) const {
  switch (type_.kind) {
    case Kind::kSigned:
      column->data = std::vector<int64_t>();
      break;
    case Kind::kUnsigned:
    case Kind::kNothing:
      column->data = std::vector<uint64_t>();
      break;
    case Kind::kFloat:
      column->data = std::vector<double>();
      break;
    case Kind::kString:
    case Kind::kFixedString:
    case Kind::kUuid:
    case Kind::kDynamic:
    case Kind::kJsonText:
      column->data = TextData();
      break;
    case Kind::kNullable:
    case Kind::kLowCardinality:
      inner_[0].Prepare(column);
      break;
    case Kind::kArray: {
      ArrayData array;
      array.elements = std::make_unique<ResultColumn>();
      inner_[0].Prepare(array.elements.get());
      column->data = std::move(array);
      break;
    }
  }
}

Status NativeColumn::ReadPrefix(NativeInput* in) {
  if (type_.kind == Kind::kDynamic) return ReadDynamicPrefix(in);
  if (type_.kind == Kind::kLowCardinality || type_.kind == Kind::kJsonText) {
    SKEP_ASSIGN(const uint64_t version, in->Number<uint64_t>());
    const uint64_t wanted = type_.kind == Kind::kJsonText ? kJsonAsText : kKeysVersion;
    if (version != wanted) return NativeInput::Broken();
    return {};
  }
  for (NativeColumn& inner : inner_) SKEP_TRY(inner.ReadPrefix(in));
  return {};
}

Status NativeColumn::ReadDynamicPrefix(NativeInput* in) {
  types_.clear();
  SKEP_ASSIGN(const uint64_t version, in->Number<uint64_t>());
  if (version != kFlattened) return NativeInput::Broken();
  SKEP_ASSIGN(const uint64_t count, in->Varint());
  if (count > kDynamicTypesMax) return NativeInput::Broken();
  for (uint64_t i = 0; i < count; ++i) {
    SKEP_ASSIGN(const std::string_view name, in->Text());
    SKEP_ASSIGN(NativeType type, NativeType::Parse(name));
    if (type.kind == Kind::kDynamic || type.kind == Kind::kArray)
      return Error(Code::kUnimplemented,
                   "the answer has an attribute of type " + std::string(name));
    types_.emplace_back(std::move(type));
  }
  for (NativeColumn& type : types_) SKEP_TRY(type.ReadPrefix(in));
  return {};
}

Status NativeColumn::ReadRows(NativeInput* in, uint64_t rows, ResultColumn* column) const {
  switch (type_.kind) {
    case Kind::kSigned:
      return ReadNumbers(in, rows, &std::get<std::vector<int64_t>>(column->data));
    case Kind::kUnsigned:
    case Kind::kNothing:
      return ReadNumbers(in, rows, &std::get<std::vector<uint64_t>>(column->data));
    case Kind::kFloat:
      return ReadNumbers(in, rows, &std::get<std::vector<double>>(column->data));
    case Kind::kString:
    case Kind::kJsonText:
      return ReadStrings(in, rows, &std::get<TextData>(column->data));
    case Kind::kFixedString:
    case Kind::kUuid:
      return ReadFixedStrings(in, rows, &std::get<TextData>(column->data));
    case Kind::kNullable:
      return ReadNullable(in, rows, column);
    case Kind::kArray:
      return ReadArray(in, rows, column);
    case Kind::kLowCardinality:
      return ReadLowCardinality(in, rows, column);
    case Kind::kDynamic:
      return ReadDynamic(in, rows, column);
  }
  return NativeInput::Broken();
}

template <typename T>
Status NativeColumn::ReadNumbers(NativeInput* in, uint64_t rows, std::vector<T>* out) const {
  SKEP_ASSIGN(const std::string_view bytes, in->TakeValues(rows, type_.width));
  SKEP_TRY(in->Charge(rows, sizeof(T)));
  if constexpr (std::is_same_v<T, double>) {
    if (type_.width == 4)
      Widen<float>(bytes, out);
    else
      Widen<double>(bytes, out);
  } else {
    using Signed = std::is_signed<T>;
    switch (type_.width) {
      case 1:
        Widen<std::conditional_t<Signed::value, int8_t, uint8_t>>(bytes, out);
        break;
      case 2:
        Widen<std::conditional_t<Signed::value, int16_t, uint16_t>>(bytes, out);
        break;
      case 4:
        Widen<std::conditional_t<Signed::value, int32_t, uint32_t>>(bytes, out);
        break;
      default:
        Widen<std::conditional_t<Signed::value, int64_t, uint64_t>>(bytes, out);
        break;
    }
  }
  return {};
}

Status NativeColumn::ReadStrings(NativeInput* in, uint64_t rows, TextData* out) const {
  for (uint64_t row = 0; row < rows; ++row) {
    SKEP_ASSIGN(const std::string_view text, in->Text());
    SKEP_TRY(in->Charge(text.size() + sizeof(uint64_t)));
    AppendTextRow(text, out);
  }
  return {};
}

Status NativeColumn::ReadFixedStrings(NativeInput* in, uint64_t rows, TextData* out) const {
  SKEP_ASSIGN(const std::string_view bytes, in->TakeValues(rows, type_.width));
  SKEP_TRY(in->Charge(rows, 40 + type_.width));
  for (uint64_t row = 0; row < rows; ++row) {
    const std::string_view value = bytes.substr(row * type_.width, type_.width);
    if (type_.kind == Kind::kUuid)
      AppendTextRow(UuidText(value), out);
    else
      AppendTextRow(value, out);
  }
  return {};
}

Status NativeColumn::ReadNullable(NativeInput* in, uint64_t rows, ResultColumn* column) const {
  SKEP_ASSIGN(const std::string_view nulls, in->TakeValues(rows, 1));
  for (const char null : nulls) column->nulls.push_back(null != 0 ? 1 : 0);
  return inner_[0].ReadRows(in, rows, column);
}

Status NativeColumn::ReadArray(NativeInput* in, uint64_t rows, ResultColumn* column) const {
  SKEP_ASSIGN(const std::string_view bytes, in->TakeValues(rows, sizeof(uint64_t)));
  SKEP_TRY(in->Charge(rows, sizeof(uint64_t)));
  auto& array = std::get<ArrayData>(column->data);
  const uint64_t base = array.offsets.empty() ? 0 : array.offsets.back();
  const size_t begin = array.offsets.size();
  Widen<uint64_t>(bytes, &array.offsets);
  uint64_t last = 0;
  for (size_t i = begin; i < array.offsets.size(); ++i) {
    // Elements take a byte each at least, so larger offsets cannot be true, and sums stay small.
    if (array.offsets[i] < last || array.offsets[i] > (uint64_t{1} << 48))
      return NativeInput::Broken();
    last = array.offsets[i];
    array.offsets[i] += base;
  }
  return inner_[0].ReadRows(in, last, array.elements.get());
}

Status NativeColumn::ReadLowCardinality(NativeInput* in, uint64_t rows,
                                        ResultColumn* column) const {
  if (rows == 0) return {};
  SKEP_ASSIGN(const uint64_t flags, in->Number<uint64_t>());
  const uint64_t width = uint64_t{1} << (flags & kIndexWidthMask & 3);
  if ((flags & kIndexWidthMask) > 3 || (flags & kHasAdditionalKeys) == 0)
    return NativeInput::Broken();
  const bool nullable = inner_[0].type_.kind == Kind::kNullable;
  const NativeColumn& key_column = nullable ? inner_[0].inner_[0] : inner_[0];
  SKEP_ASSIGN(const uint64_t key_count, in->Number<uint64_t>());
  ResultColumn keys;
  key_column.Prepare(&keys);
  SKEP_TRY(key_column.ReadRows(in, key_count, &keys));
  SKEP_ASSIGN(const uint64_t row_count, in->Number<uint64_t>());
  if (row_count != rows) return NativeInput::Broken();
  NativeType index_type;
  index_type.kind = Kind::kUnsigned;
  index_type.width = width;
  std::vector<uint64_t> indexes;
  SKEP_TRY(NativeColumn(index_type).ReadNumbers(in, rows, &indexes));
  SKEP_TRY(in->Charge(rows, sizeof(uint64_t)));
  if (nullable)  // its first key stands for NULL
    for (const uint64_t index : indexes) column->nulls.push_back(index == 0 ? 1 : 0);
  return Gather(in, keys, indexes, column);
}

Status NativeColumn::ReadDynamic(NativeInput* in, uint64_t rows, ResultColumn* column) const {
  SKEP_ASSIGN(const std::string_view numbers, in->TakeValues(rows, 1));
  std::vector<uint64_t> counts(types_.size() + 1, 0);
  for (const char number : numbers) {
    if (static_cast<uint8_t>(number) > types_.size()) return NativeInput::Broken();
    ++counts[static_cast<uint8_t>(number)];
  }
  std::vector<ResultColumn> values(types_.size());
  for (size_t i = 0; i < types_.size(); ++i) {
    types_[i].Prepare(&values[i]);
    SKEP_TRY(types_[i].ReadRows(in, counts[i], &values[i]));
  }
  std::vector<size_t> next(types_.size(), 0);
  auto& out = std::get<TextData>(column->data);
  for (const char number : numbers) {
    const auto type = static_cast<uint8_t>(number);
    const bool null = type == types_.size() || values[type].IsNull(next[type]);
    column->nulls.push_back(null ? 1 : 0);
    std::string text;
    if (!null) text = TextOf(values[type], types_[type].type_.is_bool, next[type]);
    if (type != types_.size()) ++next[type];
    SKEP_TRY(in->Charge(text.size() + sizeof(uint64_t)));
    AppendTextRow(text, &out);
  }
  return {};
}

}  // namespace skep
