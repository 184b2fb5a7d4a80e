// SPDX-License-Identifier: Apache-2.0
// ItemDecoder: an item's `data` to one error record: columns, attributes and its group. README.md
// in this folder has the table of what becomes what. One thread, one item.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "doors/rollbar/field_writer.h"
#include "doors/rollbar/occurrence_reader.h"
#include "doors/rollbar/tape_view.h"
#include "ingest/sink.h"
#include "model/record_batch.h"

namespace skep::rollbar {

class ItemDecoder {
 public:
  ItemDecoder(RecordBatch* batch, TapeView data, const DecodeContext& context,
              const Limits& limits);

  // Adds the record to the batch. Called once.
  Status Decode();

 private:
  Status CheckFields() const;
  void SetColumns(Record* record, const ItemContent& content);
  void AddGroup(Record* record, ItemContent* content);
  void AddProgram();
  void AddPerson();
  void AddRequest();
  void AddServer();
  void AddAttributesList();
  std::string_view AddressOf(std::string_view user_ip);
  std::string_view LevelOf(const ItemContent& content) const;
  std::string_view DatasetOf();
  int64_t TimeNs() const;
  std::string_view Uuid();

  RecordBatch* const batch_;
  const TapeView data_;
  const DecodeContext& context_;
  const Limits& limits_;
  FieldWriter fields_;
};

}  // namespace skep::rollbar
