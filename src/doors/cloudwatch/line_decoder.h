// SPDX-License-Identifier: Apache-2.0
// LineDecoder: what the text of a log line says besides itself: severity, trace and span, and if it
// is a JSON object, its fields as attributes. Fields over a limit are left out, because the text
// itself is kept whole. One thread, one request.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/limits.h"
#include "model/carried_ids.h"
#include "model/json_fields.h"
#include "model/record_batch.h"

namespace skep::cloudwatch {

class LineDecoder {
 public:
  LineDecoder(RecordBatch* batch, const Limits& limits) : batch_(batch), limits_(limits) {}

  // Between BeginRecord and EndRecord; reads record->body.
  void AddLine(Record* record);

 private:
  void AddField(std::string_view name, const Value& value, Record* record);
  bool HasRoomFor(const Value& value) const;

  RecordBatch* const batch_;
  const Limits& limits_;
  JsonFields fields_;
  CarriedIdsFinder ids_;
  size_t count_ = 0;  // attributes of the record at hand
};

}  // namespace skep::cloudwatch
