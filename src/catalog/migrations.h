// SPDX-License-Identifier: Apache-2.0
// The catalog's migrations: one list, in the order they are applied, each once and whole
// (statements and the note that it ran in one transaction). A released migration never changes; a
// new one is added at the end. SQL that SQLite and PostgreSQL both take: BIGINT, DOUBLE PRECISION,
// TEXT; no AUTOINCREMENT, no engine's own functions.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"

namespace skep {

struct Migration {
  std::string_view name;  // AREA_NUMBER, never used twice
  std::vector<std::string_view> statements;
};

const std::vector<Migration>& CatalogMigrations();

// Applies those of `migrations` that the database lacks. kFailedPrecondition when it has had ones
// that are unknown here.
Status ApplyMigrations(DbSession& session, const std::vector<Migration>& migrations);

}  // namespace skep
