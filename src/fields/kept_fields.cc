// SPDX-License-Identifier: Apache-2.0
#include "fields/kept_fields.h"

#include "query/explore/field_sql.h"
#include "wire/json.h"

namespace skep::fields {
namespace {

Status AddKept(const Documents& documents, const std::string& project, const std::string& dataset,
               std::vector<CalculatedField>* kept) {
  SKEP_ASSIGN(const std::vector<Document> columns,
              documents.ListAll(
                  {.kind = DocumentKind::kDerivedColumn, .project = project, .dataset = dataset}));
  for (const Document& column : columns) {
    SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(column.body));
    kept->push_back({column.name, std::string(body.root()["expression"].text())});
  }
  return {};
}

}  // namespace

Result<std::vector<CalculatedField>> KeptFields(const Documents& documents,
                                                const std::string& project,
                                                const std::string& dataset) {
  std::vector<CalculatedField> kept;
  SKEP_TRY(AddKept(documents, project, dataset, &kept));
  const std::string all(kAllDatasets);
  if (dataset != all) SKEP_TRY(AddKept(documents, project, all, &kept));
  return kept;
}

}  // namespace skep::fields
