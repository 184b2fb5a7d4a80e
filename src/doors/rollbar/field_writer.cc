// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/field_writer.h"

namespace skep::rollbar {
namespace {

constexpr size_t kFlattenDepth = 5;  // as for the other doors

}  // namespace

void FieldWriter::Put(KeyId key, Value value) {
  if (count_ >= limits_.attributes_per_record_max) {
    ++left_out_;
    return;
  }
  ++count_;
  batch_->Add(key, value);
}

void FieldWriter::AddText(std::string_view name, std::string_view text) {
  if (text.empty()) return;
  if (text.size() > limits_.string_bytes_max) {
    ++left_out_;
    return;
  }
  Put(batch_->Key(name), Value::String(text));
}

void FieldWriter::AddFields(std::string_view name, TapeView value) {
  name_.assign(name);
  AddNested(value, 0);
}

void FieldWriter::AddNested(TapeView value, size_t depth) {
  if (!value) return;
  if (value.IsObject() && depth < kFlattenDepth) {
    const size_t prefix = name_.size();
    value.ForEachMember([&](std::string_view member, TapeView inner) {
      if (member.empty()) return;
      name_ += '.';
      name_ += member;
      AddNested(inner, depth + 1);
      name_.resize(prefix);
    });
    return;
  }
  const bool full = batch_->keys().size() >= limits_.keys_per_request_max ||
                    count_ >= limits_.attributes_per_record_max;
  if (full || name_.size() > limits_.key_bytes_max) {
    ++left_out_;
    return;
  }
  if (value.IsInt()) return Put(batch_->KeyCopied(name_), Value::Int(value.int64()));
  if (value.IsFloat()) return Put(batch_->KeyCopied(name_), Value::Float(value.float64()));
  if (value.IsBool()) return Put(batch_->KeyCopied(name_), Value::Bool(value.boolean()));
  const std::string_view text = value.AsText();
  if (text.size() > limits_.string_bytes_max) {
    ++left_out_;
    return;
  }
  Put(batch_->KeyCopied(name_), Value::String(text));
}

}  // namespace skep::rollbar
