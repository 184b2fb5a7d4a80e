// SPDX-License-Identifier: Apache-2.0
// Document: something that people have made and that is kept as JSON: a query, a board, a trigger,
// the settings of a column. The body is in Honeycomb's words whoever wrote it, so that its API and
// the page work on the very same ones. Plain structs; values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skep {

enum class DocumentKind : uint8_t {
  kQuery,
  kQueryResult,
  kQueryRun,  // the page's history
  kQueryAnnotation,
  kBoard,
  kBoardView,
  kMarker,
  kMarkerSetting,
  kDerivedColumn,
  kColumn,  // settings of one: type, description, hidden
  kDataset,
  kDatasetDefinition,
  kTrigger,
  kSlo,
  kBurnAlert,
  kRecipient,
  kEnvironment,
  kApiKey,
};

// What is stored for the kind: never changes.
std::string_view NameOf(DocumentKind kind);

struct Document {
  DocumentKind kind = DocumentKind::kQuery;
  std::string id{};  // unique within its project and kind
  std::string project = "default";
  // Its name as records have it, `__all__`, or empty for what has none (recipients).
  std::string dataset{};
  std::string parent{};  // id of the document that this one goes with: a view's board
  // Unique within project, kind, dataset and parent, by bytes. Empty: the kind has no such name.
  std::string name{};
  std::string body = "{}";  // a JSON object
  int64_t created_ns = 0;
  int64_t updated_ns = 0;
  int64_t ordinal = 0;  // grows with each document made: the order of lists
};

// 11 random characters without 0, O, I and l, as Honeycomb's ids look.
std::string NewDocumentId();

}  // namespace skep
