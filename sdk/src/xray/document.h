// SPDX-License-Identifier: Apache-2.0
// Documents: a node and all under it as X-Ray's JSON, in the order and with the fields of
// aws_xray_sdk for Python. What does not fit into one document leaves it: the largest subsegments
// first, each as a document of its own; then a node's own metadata, the largest first, and the
// frames of its exceptions. What was cut is named in the metadata "skep.sdk", so that nobody takes
// the rest for all. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "xray/node.h"

namespace skep::sdk::xray {

struct Document {
  std::string json;
  uint32_t records = 0;  // segments and subsegments in it
};

struct Documents {
  std::vector<Document> list;
  uint32_t rejected = 0;  // nodes that do not fit whatever is cut
  uint32_t trimmed = 0;   // nodes that lost something
};

// Appends the documents of `node` and all under it.
void AppendDocuments(const Node& node, std::string_view trace_id, size_t bytes_max, Documents& out);
// Appends a document of `node` alone, in progress.
void AppendInProgress(const Node& node, std::string_view trace_id, size_t bytes_max,
                      Documents& out);

}  // namespace skep::sdk::xray
