// SPDX-License-Identifier: Apache-2.0
#include "catalog/documents.h"

#include <algorithm>
#include <utility>

namespace skep {
namespace {

constexpr std::string_view kColumns =
    "id, project, dataset, parent, name, body, created_ns, updated_ns, ordinal";
const DbColumns kTypes = {DbType::kText, DbType::kText, DbType::kText, DbType::kText, DbType::kText,
                          DbType::kText, DbType::kInt,  DbType::kInt,  DbType::kInt};

Document ReadDocument(DocumentKind kind, const DbRow& row) {
  Document document;
  document.kind = kind;
  document.id = row.Text(0);
  document.project = row.Text(1);
  document.dataset = row.Text(2);
  document.parent = row.Text(3);
  document.name = row.Text(4);
  document.body = row.Text(5);
  document.created_ns = row.Int(6);
  document.updated_ns = row.Int(7);
  document.ordinal = row.Int(8);
  return document;
}

std::string KindText(DocumentKind kind) { return std::string(NameOf(kind)); }

// A document without a name has NULL there, which no unique index compares.
DbValue NameValue(const Document& document) {
  if (document.name.empty()) return std::monostate();
  return document.name;
}

Error NotFound(DocumentKind kind) {
  return {Code::kNotFound, "there is no such " + KindText(kind)};
}

Status CheckSizes(const Document& document) {
  if (document.body.size() > Documents::kBodyBytesMax)
    return Error(Code::kOutOfRange, "the " + KindText(document.kind) + " is too large");
  if (document.name.size() > Documents::kNameBytesMax)
    return Error(Code::kOutOfRange, "the " + KindText(document.kind) + "'s name is too long");
  return {};
}

// The constraint that forbids a row is the name's: ids are looked for before.
Error NameTaken(const Document& document, Error error) {
  if (error.code == Code::kAlreadyExists)
    error.message = "there is a " + KindText(document.kind) + " of that name already";
  return error;
}

Result<Document> Need(DbSession& session, DocumentKind kind, const std::string& project,
                      const std::string& id) {
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT " + std::string(kColumns) +
                                " FROM documents WHERE project = :p AND kind = :k AND id = :i",
                            {project, KindText(kind), id}, kTypes));
  if (rows.empty()) return NotFound(kind);
  return ReadDocument(kind, rows.front());
}

// The WHERE of a filter, filled from `params`.
std::string Where(const DocumentFilter& filter, DbParams& params) {
  params = {filter.project, KindText(filter.kind)};
  std::string sql = " FROM documents WHERE project = :p AND kind = :k";
  if (filter.dataset) {
    sql += " AND dataset = :d";
    params.emplace_back(*filter.dataset);
  }
  if (filter.parent) {
    sql += " AND parent = :f";
    params.emplace_back(*filter.parent);
  }
  return sql;
}

}  // namespace

Documents::Documents(Database* database, Clock clock, std::function<std::string()> new_id)
    : database_(database), clock_(std::move(clock)), new_id_(std::move(new_id)) {}

Result<Document> Documents::Create(const Document& document) {
  SKEP_TRY(CheckSizes(document));
  Document made = document;
  if (made.id.empty()) made.id = new_id_();
  made.created_ns = made.updated_ns = clock_();
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(const DbRows known,
                session.Query("SELECT COUNT(*), COALESCE(MAX(ordinal), 0),"
                              " COALESCE(SUM(CASE WHEN id = :i THEN 1 ELSE 0 END), 0)"
                              " FROM documents WHERE project = :p AND kind = :k",
                              {made.id, made.project, KindText(made.kind)},
                              {DbType::kInt, DbType::kInt, DbType::kInt}));
    if (known.front().Int(2) != 0)
      return Error(Code::kAlreadyExists, "there is a " + KindText(made.kind) + " of that id");
    if (known.front().UInt(0) >= kPerKindMax)
      return Error(Code::kResourceExhausted, "too many documents of kind " + KindText(made.kind));
    made.ordinal = known.front().Int(1) + 1;
    const auto added = session.Execute(
        "INSERT INTO documents (kind, " + std::string(kColumns) +
            ") VALUES (:k, :i, :p, :d, :f, :n, :b, :c, :u, :o)",
        {KindText(made.kind), made.id, made.project, made.dataset, made.parent, NameValue(made),
         made.body, made.created_ns, made.updated_ns, made.ordinal});
    if (!added) return NameTaken(made, added.error());
    return {};
  });
  if (!done) return done.error();
  return made;
}

Result<Document> Documents::Get(DocumentKind kind, const std::string& project,
                                const std::string& id) const {
  Document found;
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(found, Need(session, kind, project, id));
    return {};
  });
  if (!done) return done.error();
  return found;
}

Result<Document> Documents::Find(DocumentKind kind, const std::string& project,
                                 const std::string& dataset, const std::string& name,
                                 const std::string& parent) const {
  SKEP_ASSIGN(const DbRows rows,
              database_->Query("SELECT " + std::string(kColumns) +
                                   " FROM documents WHERE project = :p AND kind = :k"
                                   " AND dataset = :d AND parent = :f AND name = :n",
                               {project, KindText(kind), dataset, parent, name}, kTypes));
  if (rows.empty()) return NotFound(kind);
  return ReadDocument(kind, rows.front());
}

Result<DocumentPage> Documents::List(const DocumentFilter& filter, int64_t after,
                                     size_t limit) const {
  limit = std::min(limit, kPageMax);
  DbParams params;
  std::string sql = "SELECT " + std::string(kColumns) + Where(filter, params);
  sql += " AND ordinal > :a ORDER BY ordinal LIMIT :l";
  params.emplace_back(after);
  params.emplace_back(static_cast<int64_t>(limit + 1));
  SKEP_ASSIGN(const DbRows rows, database_->Query(sql, params, kTypes));
  DocumentPage page;
  for (const DbRow& row : rows) page.documents.push_back(ReadDocument(filter.kind, row));
  page.more = page.documents.size() > limit;
  if (page.more) page.documents.pop_back();
  return page;
}

Result<std::vector<Document>> Documents::ListAll(const DocumentFilter& filter) const {
  std::vector<Document> all;
  for (bool more = true; more;) {
    SKEP_ASSIGN(DocumentPage page, List(filter, all.empty() ? 0 : all.back().ordinal));
    for (Document& document : page.documents) all.push_back(std::move(document));
    more = page.more;
  }
  return all;
}

Result<size_t> Documents::Count(const DocumentFilter& filter) const {
  DbParams params;
  const std::string sql = "SELECT COUNT(*)" + Where(filter, params);
  SKEP_ASSIGN(const DbRows rows, database_->Query(sql, params, {DbType::kInt}));
  return static_cast<size_t>(rows.front().Int(0));
}

Result<Document> Documents::Modify(DocumentKind kind, const std::string& project,
                                   const std::string& id,
                                   const std::function<Status(Document&)>& change) {
  Document changed;
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(changed, Need(session, kind, project, id));
    SKEP_TRY(change(changed));
    SKEP_TRY(CheckSizes(changed));
    changed.updated_ns = clock_();
    const auto written = session.Execute(
        "UPDATE documents SET dataset = :d, parent = :f, name = :n, body = :b, updated_ns = :u"
        " WHERE project = :p AND kind = :k AND id = :i",
        {changed.dataset, changed.parent, NameValue(changed), changed.body, changed.updated_ns,
         project, KindText(kind), id});
    if (!written) return NameTaken(changed, written.error());
    return {};
  });
  if (!done) return done.error();
  return changed;
}

Status Documents::Delete(DocumentKind kind, const std::string& project, const std::string& id) {
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(
        const int64_t gone,
        session.Execute("DELETE FROM documents WHERE project = :p AND kind = :k AND id = :i",
                        {project, KindText(kind), id}));
    if (gone == 0) return NotFound(kind);
    SKEP_TRY(
        session.Execute("DELETE FROM documents WHERE project = :p AND parent = :i", {project, id}));
    return {};
  });
}

Status Documents::DeleteDataset(const std::string& project, const std::string& dataset) {
  SKEP_TRY(database_->Execute("DELETE FROM documents WHERE project = :p AND dataset = :d",
                              {project, dataset}));
  return {};
}

Status Documents::Trim(DocumentKind kind, const std::string& project, size_t keep) {
  SKEP_TRY(database_->Execute(
      "DELETE FROM documents WHERE project = :p AND kind = :k AND ordinal <="
      " (SELECT ordinal FROM documents WHERE project = :q AND kind = :j"
      "  ORDER BY ordinal DESC LIMIT 1 OFFSET :n)",
      {project, KindText(kind), project, KindText(kind), static_cast<int64_t>(keep)}));
  return {};
}

}  // namespace skep
