// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/line_decoder.h"

#include "doors/cloudwatch/decode.h"
#include "doors/cloudwatch/severity.h"

namespace skep::cloudwatch {

void LineDecoder::AddLine(Record* record) {
  ids_.Clear();
  count_ = 0;
  if (fields_.Parse(record->body)) {
    fields_.ForEach(limits_.key_bytes_max, &batch_->arena(),
                    [&](std::string_view name, const Value& value) {
                      AddField(name, value, record);
                      return true;
                    });
  } else {
    record->severity = SeverityOfText(record->body);
    ids_.AddText(record->body);
  }
  const CarriedIds ids = ids_.ids();
  record->trace_id = ids.trace_id;
  record->parent_id = ids.span_id;
}

void LineDecoder::AddField(std::string_view name, const Value& value, Record* record) {
  if (record->severity == 0) record->severity = SeverityOfField(name, value);
  if (value.type() == ValueType::kString) ids_.AddField(name, value.text());
  // Where a line was sent to is not for the line to say.
  if (name == kGroupAttribute || name == kStreamAttribute) return;
  if (!HasRoomFor(value)) return;
  ++count_;
  batch_->Add(batch_->KeyCopied(name), value);
}

bool LineDecoder::HasRoomFor(const Value& value) const {
  return count_ < limits_.attributes_per_record_max &&
         batch_->attributes().size() < limits_.attributes_per_request_max &&
         batch_->keys().size() < limits_.keys_per_request_max &&
         (value.type() != ValueType::kString || value.text().size() <= limits_.string_bytes_max);
}

}  // namespace skep::cloudwatch
