// SPDX-License-Identifier: Apache-2.0
// Documents: everything that people make and name, kept in the catalog as JSON (see document.h).
// It knows nothing of what a body means; who writes one validates it first. What changes at once
// is serial because the database is. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/database.h"
#include "catalog/document.h"

namespace skep {

// What is not given does not restrict.
struct DocumentFilter {
  DocumentKind kind = DocumentKind::kQuery;
  std::string project = "default";
  std::optional<std::string> dataset{};
  std::optional<std::string> parent{};
};

struct DocumentPage {
  std::vector<Document> documents;  // in the order they were made
  bool more = false;                // behind the last one's ordinal
};

class Documents {
 public:
  static constexpr size_t kBodyBytesMax = 1u << 20;
  static constexpr size_t kNameBytesMax = 2048;
  static constexpr size_t kPerKindMax = 100'000;  // in one project
  static constexpr size_t kPageMax = 1000;

  // The database must outlive it. Tests hold time and ids still.
  explicit Documents(Database* database, Clock clock = WallClockNs,
                     std::function<std::string()> new_id = NewDocumentId);

  // Takes kind, project, dataset, parent, name and body of `document`, and its id if it has one.
  // kAlreadyExists: the name or the id is taken. kOutOfRange: over a size above.
  // kResourceExhausted: kPerKindMax.
  Result<Document> Create(const Document& document);
  // kNotFound.
  Result<Document> Get(DocumentKind kind, const std::string& project, const std::string& id) const;
  Result<Document> Find(DocumentKind kind, const std::string& project, const std::string& dataset,
                        const std::string& name, const std::string& parent = {}) const;
  // Those behind the ordinal `after`; 0: from the first. At most kPageMax.
  Result<DocumentPage> List(const DocumentFilter& filter, int64_t after = 0,
                            size_t limit = kPageMax) const;
  // All of them, page after page.
  Result<std::vector<Document>> ListAll(const DocumentFilter& filter) const;
  Result<size_t> Count(const DocumentFilter& filter) const;

  // Changes name, dataset, parent or body of one; returns it as it is then. An error of `change`
  // leaves it as it was. kNotFound, kAlreadyExists, kOutOfRange.
  Result<Document> Modify(DocumentKind kind, const std::string& project, const std::string& id,
                          const std::function<Status(Document&)>& change);
  // With all whose parent it is. kNotFound.
  Status Delete(DocumentKind kind, const std::string& project, const std::string& id);
  // All that stand in the dataset, of every kind.
  Status DeleteDataset(const std::string& project, const std::string& dataset);
  // Leaves the `keep` newest of a kind that would grow for ever.
  Status Trim(DocumentKind kind, const std::string& project, size_t keep);

 private:
  Database* database_;
  Clock clock_;
  std::function<std::string()> new_id_;
};

}  // namespace skep
