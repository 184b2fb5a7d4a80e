// SPDX-License-Identifier: Apache-2.0
// Saved queries: Honeycomb's query annotations with the queries that they name, as its API stores
// them in the catalog. What either door makes the other shows. Pure but for the catalog.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/documents.h"
#include "wire/json.h"

namespace skep::ui {

struct SavedQuery {
  std::string id;  // of the annotation; empty: the query has no name
  std::string query_id;
  std::string dataset;
  std::string name;
  std::string description;
  std::string query;  // JSON
  int64_t updated_ns = 0;
};

// Nothing: there is no such query. `annotation_id` may be empty, or of one that is gone.
Result<std::optional<SavedQuery>> FindSavedQuery(const Documents& documents,
                                                 const std::string& project,
                                                 const std::string& query_id,
                                                 const std::string& annotation_id);
// By name; those with `text` in name, description or query, case aside.
Result<std::vector<SavedQuery>> ListSavedQueries(const Documents& documents,
                                                 const std::string& project, std::string_view text);
// By its id. kNotFound.
Result<SavedQuery> GetSavedQuery(const Documents& documents, const std::string& project,
                                 const std::string& id);
// Without an id a new one; else that one gets this name, description and query, and
// boards show that. kNotFound; kAborted where `seen_ns` is given and it was changed since, which
// then stays.
Result<SavedQuery> Save(Documents& documents, const std::string& project, SavedQuery saved,
                        std::optional<int64_t> seen_ns = std::nullopt);

void RenderSavedQuery(const SavedQuery& saved, JsonWriter* json);

}  // namespace skep::ui
