// SPDX-License-Identifier: Apache-2.0
// Entry fields: what a request is called, in the words of the page: method, route, status, user.
// Each is the first that is said of several attributes, names of OpenTelemetry's and of Honeycomb's
// beelines. Said twice, for a row in hand and for a statement, and therefore in one place. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "query/attribute_set.h"
#include "query/event_row.h"
#include "query/sql_writer.h"

namespace skep {

struct EntryFields {
  std::string method;
  std::string route;  // else the path, else the span's name
  int64_t status_code = 0;
  std::string user;
  bool error = false;  // the span's own status, which SDKs set for codes from 500 on
};

EntryFields FieldsOfEntry(const EventRow& row, const AttributeSet& attributes);

// The same as expressions over a row of `events`: String, String, Int64 (0 unknown), String. That
// an entry failed is its column `status`.
void AppendMethod(SqlWriter* sql);
void AppendRoute(SqlWriter* sql);
void AppendStatusCode(SqlWriter* sql);
void AppendUser(SqlWriter* sql);

// Rows that may be a trace's entry: roots, and spans that serve a call.
void AppendMayBeEntry(SqlWriter* sql);
// Says which of a trace's rows is its entry: the least. OpenTelemetry's before X-Ray's, roots
// before others, early before late, finished before open.
void AppendEntryRank(SqlWriter* sql);
uint64_t EntryRank(const EventRow& row);

}  // namespace skep
