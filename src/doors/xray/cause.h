// SPDX-License-Identifier: Apache-2.0
// CauseWriter: what a segment document says about why it failed, as attributes of the record at
// hand. A cause is a list of exceptions, or names one that another subsegment of the document
// carries: by the exception's id (Python) or by the subsegment's (Node). For the document's own
// cause the named exception is looked up. One thread, one batch.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "doors/xray/attribute_writer.h"

namespace skep::xray {

class CauseWriter {
 public:
  CauseWriter(RecordBatch* batch, const JsonTape* tape, AttributeWriter* attributes)
      : batch_(batch), tape_(tape), attributes_(attributes) {}

  // The `cause` member at `cause`. `document`: where to look for an exception that it names.
  // Subsegments are not looked up for (kNoDocument): each would copy the same stack.
  void Add(size_t cause, size_t document);
  static constexpr size_t kNoDocument = static_cast<size_t>(-1);

 private:
  void AddReference(std::string_view id, size_t document);
  void AddExceptions(size_t list);
  void AddException(size_t exception);
  size_t FindException(std::string_view id, size_t document);
  size_t FindInCause(std::string_view id, bool owner, size_t cause);
  std::string_view StackText(std::string_view type, std::string_view message, size_t stack);

  RecordBatch* const batch_;
  const JsonTape* const tape_;
  AttributeWriter* const attributes_;
  std::string text_;  // reused
};

}  // namespace skep::xray
