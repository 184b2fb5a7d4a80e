// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/attributes.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/hex.h"

namespace skep::otlp {
namespace {

constexpr char kMalformed[] = "the body is not the protobuf message that this path takes";

}  // namespace

AttributeDecoder::AttributeDecoder(RecordBatch* batch, const Limits& limits)
    : batch_(batch),
      limits_(limits),
      sample_rate_key_(batch->Key("sampleRate")),
      sample_rate_upper_key_(batch->Key("SampleRate")) {}

void AttributeDecoder::Begin(bool shared) {
  shared_ = shared;
  count_ = 0;
  sample_rate_.reset();
  sample_rate_upper_.reset();
}

bool AttributeDecoder::Fail(const char* message, bool whole_request) {
  // What all records of a resource or scope share cannot be refused with one of them.
  problem_ = {message, whole_request || shared_};
  return false;
}

bool AttributeDecoder::FailJson(JsonOutcome outcome) {
  if (outcome == JsonOutcome::kMalformed) return FailRequest(kMalformed);
  return FailRecord("an attribute's value is nested too deep");
}

bool AttributeDecoder::KeysLeft() const {
  return batch_->keys().size() < limits_.keys_per_request_max;
}

bool AttributeDecoder::Put(KeyId key, Value value) {
  // What is no number stays an attribute.
  if (key == sample_rate_key_ || key == sample_rate_upper_key_) {
    if (const auto rate = SampleRateOf(value)) {
      (key == sample_rate_key_ ? sample_rate_ : sample_rate_upper_) = rate;
      return true;
    }
  }
  if (++count_ > limits_.attributes_per_record_max)
    return FailRecord("a record has too many attributes");
  if (batch_->attributes().size() >= limits_.attributes_per_request_max)
    return FailRequest("the request has too many attributes");
  if (shared_) {
    batch_->AddShared(key, value);
  } else {
    batch_->Add(key, value);
  }
  return true;
}

bool AttributeDecoder::PutText(KeyId key, std::string_view text) {
  if (text.size() > limits_.string_bytes_max) return FailRecord("a value is too long");
  return Put(key, Value::String(text));
}

bool AttributeDecoder::PutScalar(KeyId key, const AnyValue& value) {
  switch (value.kind) {
    case AnyKind::kString:
      return PutText(key, value.bytes);
    case AnyKind::kBool:
      return Put(key, Value::Bool(value.boolean()));
    case AnyKind::kInt:
      return Put(key, Value::Int(value.int64()));
    case AnyKind::kDouble:
      return Put(key, Value::Float(value.float64()));
    case AnyKind::kArray:
    case AnyKind::kBytes:
    case AnyKind::kKvlist: {
      std::string_view text;
      return ToText(value, &text) && PutText(key, text);
    }
    case AnyKind::kNone:
      break;
  }
  return true;
}

bool AttributeDecoder::AddText(std::string_view name, std::string_view text) {
  return PutText(batch_->Key(name), text);
}

bool AttributeDecoder::ToText(const AnyValue& value, std::string_view* text) {
  if (value.kind == AnyKind::kString) {
    *text = value.bytes;
    return true;
  }
  JsonWriter writer;
  const JsonOutcome outcome = WriteJson(value, limits_.depth_max, &writer);
  if (outcome != JsonOutcome::kDone) return FailJson(outcome);
  *text = batch_->arena().Copy(writer.text());
  return true;
}

bool AttributeDecoder::AddKeyValue(std::string_view message) {
  KeyValue pair;
  if (!ReadKeyValue(message, &pair)) return FailRequest(kMalformed);
  if (pair.key.empty()) return true;
  return AddNamed(pair.key, pair.value);
}

bool AttributeDecoder::AddNamed(std::string_view name, const AnyValue& value) {
  if (value.kind == AnyKind::kNone) return true;
  if (name.size() > limits_.key_bytes_max) return FailRecord("an attribute's name is too long");
  if (value.kind == AnyKind::kKvlist) {
    name_.assign(name);
    return AddList(value.bytes, 1);
  }
  const KeyId key = batch_->Key(name);
  if (batch_->keys().size() > limits_.keys_per_request_max)
    return FailRequest("the request has too many distinct attribute names");
  return PutScalar(key, value);
}

bool AttributeDecoder::AddFields(std::string_view kvlist) {
  name_.clear();
  return AddList(kvlist, 0);
}

bool AttributeDecoder::AddList(std::string_view kvlist, size_t depth) {
  ProtoReader reader(kvlist);
  while (reader.Next()) {
    if (reader.tag() != BytesTag(1)) continue;
    KeyValue pair;
    if (!ReadKeyValue(reader.bytes(), &pair)) return FailRequest(kMalformed);
    if (pair.key.empty() || pair.value.kind == AnyKind::kNone) continue;
    const size_t prefix = name_.size();
    if (prefix != 0) name_ += '.';
    name_ += pair.key;
    if (!AddNested(pair.value, depth)) return false;
    name_.resize(prefix);
  }
  return reader.ok() || FailRequest(kMalformed);
}

bool AttributeDecoder::AddNested(const AnyValue& value, size_t depth) {
  if (name_.size() > limits_.key_bytes_max) return FailRecord("an attribute's name is too long");
  if (value.kind == AnyKind::kKvlist && depth < JsonFields::kFlattenDepth)
    return AddList(value.bytes, depth + 1);
  const KeyId key = batch_->KeyCopied(name_);
  if (batch_->keys().size() > limits_.keys_per_request_max)
    return FailRequest("the request has too many distinct attribute names");
  return PutScalar(key, value);
}

bool AttributeDecoder::AddJsonFields(std::string_view text) {
  if (!json_.Parse(text)) return true;
  return json_.ForEach(
      limits_.key_bytes_max, &batch_->arena(), [&](std::string_view name, Value value) {
        // The record's own attributes must still find room.
        if (count_ >= limits_.attributes_per_record_max / 2 || !KeysLeft()) return true;
        const KeyId key = batch_->KeyCopied(name);
        return value.type() == ValueType::kString ? PutText(key, value.text()) : Put(key, value);
      });
}

std::optional<double> SampleRateOf(const Value& value) {
  double rate = 0;
  switch (value.type()) {
    case ValueType::kInt64:
      rate = static_cast<double>(value.int64());
      break;
    case ValueType::kFloat64:
      rate = std::round(value.float64());
      break;
    case ValueType::kString: {
      const std::string_view text = value.text();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
      if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
      rate = std::round(rate);
      break;
    }
    case ValueType::kBool:
      return std::nullopt;
  }
  if (!std::isfinite(rate)) return std::nullopt;
  return rate < 1 ? 1 : rate;
}

namespace {

// The value of `key` in a list of `key SEPARATOR value` members.
std::optional<std::string_view> Member(std::string_view list, char between, std::string_view key,
                                       char separator) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(between), list.size());
    std::string_view member = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (member.starts_with(' ') || member.starts_with('\t')) member.remove_prefix(1);
    while (member.ends_with(' ') || member.ends_with('\t')) member.remove_suffix(1);
    if (member.size() > key.size() && member.starts_with(key) && member[key.size()] == separator)
      return member.substr(key.size() + 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> SampleRateOfTraceState(std::string_view trace_state) {
  constexpr size_t kDigitsMax = 14;  // 56 bits
  std::optional<std::string_view> threshold;
  if (const auto vendor = Member(trace_state, ',', "ot", '='))
    threshold = Member(*vendor, ';', "th", ':');
  if (!threshold) threshold = Member(trace_state, ',', "th", '=');
  if (!threshold || threshold->empty() || threshold->size() > kDigitsMax) return std::nullopt;
  uint64_t rejected = 0;
  for (const char c : *threshold) {
    const int digit = HexDigit(c);
    if (digit < 0) return std::nullopt;
    rejected = rejected << 4 | static_cast<uint64_t>(digit);
  }
  rejected <<= 4 * (kDigitsMax - threshold->size());
  constexpr uint64_t kAll = uint64_t{1} << 56;
  return static_cast<double>(kAll) / static_cast<double>(kAll - rejected);
}

}  // namespace skep::otlp
