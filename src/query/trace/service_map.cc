// SPDX-License-Identifier: Apache-2.0
#include "query/trace/service_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/clock.h"
#include "query/entry_fields.h"

namespace skep {
namespace {

constexpr double kPerOctave = 8;
// A caller's span may begin before the range that its callee lies in.
constexpr int64_t kBeforeNs = 60 * kNsPerS;
const QueryOptions kOptions = {.deadline_ms = 60'000, .memory_bytes_max = 1024ull << 20};

constexpr std::array<std::string_view, 2> kDatabaseNames = {"db.system.name", "db.system"};
constexpr std::array<std::string_view, 2> kDatabases = {"db.namespace", "db.name"};
constexpr std::array<std::string_view, 1> kQueueNames = {"messaging.system"};
constexpr std::array<std::string_view, 2> kQueues = {"messaging.destination.name",
                                                     "messaging.destination"};
constexpr std::array<std::string_view, 6> kHostNames = {
    "peer.service", "server.address", "net.peer.name", "http.host", "rpc.service", "net.peer.ip"};

// The first of them that a row has, else empty.
template <size_t kSize>
void AppendFirst(const std::array<std::string_view, kSize>& names, SqlWriter* sql) {
  sql->Sql("coalesce(");
  for (const std::string_view name : names)
    sql->Sql("nullIf(toString(").Attribute(name).Sql("), ''), ");
  sql->Sql("'')");
}

template <size_t kSystems, size_t kNames>
void AppendNamed(const std::array<std::string_view, kSystems>& systems,
                 const std::array<std::string_view, kNames>& names, SqlWriter* sql) {
  sql->Sql("trimRight(concat(");
  AppendFirst(systems, sql);
  sql->Sql(", ' ', ");
  AppendFirst(names, sql);
  sql->Sql("))");
}

// Traces that are another request's guests tell the same again.
Status AppendScope(const MapQuestion& question, SqlWriter* sql, size_t* error_position) {
  const FilterScope& scope = question.scope;
  AppendProjectAndTime(scope.project, scope.range, sql);
  sql->Sql(" AND signal = 'span' AND trace_id != toFixedString('', 16)");
  sql->Sql(" AND trace_id NOT IN (SELECT trace_id FROM events WHERE ");
  AppendProjectAndTime(scope.project, scope.range.Widened(kBeforeNs, kBeforeNs), sql);
  sql->Sql(" AND signal = 'join' AND toString(").Attribute("join.role").Sql(") = 'guest'");
  if (!scope.by_evidence) sql->Sql(" AND toString(").Attribute("join.kind").Sql(") != 'evidence'");
  sql->Sql(")");
  if (question.filter.terms.empty()) return {};
  sql->Sql(" AND trace_id IN (SELECT trace_id FROM events WHERE ");
  AppendProjectAndTime(scope.project, scope.range.Widened(kBeforeNs, 0), sql);
  sql->Sql(" AND ");
  AppendMayBeEntry(sql);
  SKEP_TRY(AppendFilter(question.filter, scope, sql, error_position));
  sql->Sql(")");
  return {};
}

// What a client span says of whom it called: of_database, of_queue, of_host.
void AppendPeers(SqlWriter* sql) {
  AppendNamed(kDatabaseNames, kDatabases, sql);
  sql->Sql(" AS of_database, ");
  AppendNamed(kQueueNames, kQueues, sql);
  sql->Sql(" AS of_queue, ");
  AppendFirst(kHostNames, sql);
  sql->Sql(" AS of_host");
}
constexpr SqlText kPeer =
    "multiIf(of_database != '', of_database, of_queue != '', of_queue, of_host)";

// The spans that called those which serve, of one service where one is named.
void AppendCallersOf(const MapQuestion& question, std::string_view service, SqlWriter* sql) {
  sql->Sql("(SELECT trace_id, parent_id FROM events WHERE ");
  AppendProjectAndTime(question.scope.project, question.scope.range.Widened(kBeforeNs, kBeforeNs),
                       sql);
  sql->Sql(" AND signal IN ('span', 'open_span') AND kind IN ('server', 'consumer')");
  sql->Sql(" AND parent_id != toFixedString('', 8)");
  if (!service.empty()) sql->Sql(" AND dataset = ").Bind(service);
  sql->Sql(")");
}

uint32_t BucketOf(const ResultTable& table, size_t column, size_t row) {
  return static_cast<uint32_t>(table.column(column).UInt(row));
}

void AddTo(LengthSpread* spread, const ResultTable& table, size_t first, size_t row) {
  LengthSpread::Bucket& bucket = spread->buckets[BucketOf(table, first, row)];
  bucket.count += table.column(first + 1).Float(row);
  bucket.errors += table.column(first + 2).Float(row);
}

class MapMaker {
 public:
  void AddNodes(const ResultTable& table) {
    for (size_t i = 0; i < table.rows; ++i)
      AddTo(&Node(table.column(0).Text(i), MapNodeKind::kService).spread, table, 1, i);
  }
  void AddEdges(const ResultTable& table) {
    for (size_t i = 0; i < table.rows; ++i) {
      const std::string_view from = table.column(0).Text(i);
      const std::string_view to = table.column(1).Text(i);
      Node(from, MapNodeKind::kService);
      Node(to, MapNodeKind::kService);
      AddTo(&Edge(from, to).spread, table, 2, i);
    }
  }
  void AddPeers(const ResultTable& table) {
    for (size_t i = 0; i < table.rows; ++i) {
      const std::string_view from = table.column(0).Text(i);
      const std::string_view to = table.column(1).Text(i);
      Node(from, MapNodeKind::kService);
      Node(to, static_cast<MapNodeKind>(table.column(2).UInt(i)));
      AddTo(&Edge(from, to).spread, table, 3, i);
    }
  }

  ServiceMap Take() {
    ServiceMap map;
    for (auto& [name, node] : nodes_) map.nodes.push_back(std::move(node));
    for (auto& [key, edge] : edges_) map.edges.push_back(std::move(edge));
    return map;
  }

 private:
  // The first kind holds: a service that a client span names is that service.
  MapNode& Node(std::string_view name, MapNodeKind kind) {
    const auto [at, is_new] = nodes_.try_emplace(std::string(name));
    if (is_new) at->second = {std::string(name), kind, {}};
    return at->second;
  }
  MapEdge& Edge(std::string_view from, std::string_view to) {
    MapEdge& edge = edges_[{std::string(from), std::string(to)}];
    edge.from = from;
    edge.to = to;
    return edge;
  }

  std::map<std::string, MapNode> nodes_;
  std::map<std::pair<std::string, std::string>, MapEdge> edges_;
};

}  // namespace

double LengthSpread::Count() const {
  double sum = 0;
  for (const auto& [bucket, counts] : buckets) sum += counts.count;
  return sum;
}

double LengthSpread::Errors() const {
  double sum = 0;
  for (const auto& [bucket, counts] : buckets) sum += counts.errors;
  return sum;
}

uint64_t LengthSpread::Quantile(double share) const {
  const double wanted = share * Count();
  double seen = 0;
  for (const auto& [bucket, counts] : buckets) {
    seen += counts.count;
    if (seen < wanted || counts.count == 0) continue;
    return static_cast<uint64_t>(std::exp2((bucket + 0.5) / kPerOctave));
  }
  return 0;
}

Result<Statement> PlanMapNodes(const MapQuestion& question, size_t* error_position) {
  SqlWriter sql;
  sql.Sql(
      "SELECT toString(dataset) AS service, toUInt32(floor(log2(duration_ns + 1) * 8)) AS bucket, "
      "sum(sample_rate), sumIf(sample_rate, status = 'error') FROM events WHERE ");
  SKEP_TRY(AppendScope(question, &sql, error_position));
  sql.Sql(
      " AND (kind IN ('server', 'consumer') OR parent_id = toFixedString('', 8)) "
      "GROUP BY service, bucket");
  return sql.Take();
}

Result<Statement> PlanMapEdges(const MapQuestion& question, size_t* error_position) {
  SqlWriter sql;
  // Spans that serve stand at the right: they are fewer, and that side is held in memory.
  sql.Sql(
      "SELECT toString(caller.dataset) AS source, toString(called.dataset) AS target, "
      "toUInt32(floor(log2(if(caller.kind IN ('client', 'producer'), caller.duration_ns, "
      "called.duration_ns) + 1) * 8)) AS bucket, sum(called.sample_rate), "
      "sumIf(called.sample_rate, called.status = 'error' OR caller.status = 'error') FROM "
      "(SELECT trace_id, span_id, dataset, kind, status, duration_ns FROM events WHERE ");
  AppendProjectAndTime(question.scope.project, question.scope.range.Widened(kBeforeNs, 0), &sql);
  sql.Sql(
      " AND signal = 'span' AND trace_id != toFixedString('', 16)) AS caller INNER JOIN "
      "(SELECT trace_id, parent_id, dataset, status, duration_ns, sample_rate FROM events WHERE ");
  SKEP_TRY(AppendScope(question, &sql, error_position));
  sql.Sql(
      " AND kind IN ('server', 'consumer') AND parent_id != toFixedString('', 8)) AS called ON "
      "caller.trace_id = called.trace_id AND caller.span_id = called.parent_id "
      "WHERE caller.dataset != called.dataset GROUP BY source, target, bucket");
  return sql.Take();
}

Result<Statement> PlanMapPeers(const MapQuestion& question, size_t* error_position) {
  SqlWriter sql;
  sql.Sql("SELECT source, ").Sql(kPeer).Sql(" AS target, ");
  sql.Sql("multiIf(of_database != '', 1, of_queue != '', 2, 3) AS peer, ");
  sql.Sql("bucket, sum(sample_rate), sumIf(sample_rate, status = 'error') FROM (SELECT ");
  sql.Sql("toString(dataset) AS source, toUInt32(floor(log2(duration_ns + 1) * 8)) AS bucket, ");
  sql.Sql("sample_rate, status, ");
  AppendPeers(&sql);
  sql.Sql(" FROM events WHERE ");
  SKEP_TRY(AppendScope(question, &sql, error_position));
  sql.Sql(" AND kind IN ('client', 'producer') AND (trace_id, span_id) NOT IN ");
  AppendCallersOf(question, "", &sql);
  sql.Sql(") WHERE target != '' GROUP BY source, target, peer, bucket");
  return sql.Take();
}

Result<Statement> PlanMapExamples(const MapExamples& examples, size_t* error_position) {
  SqlWriter sql;
  sql.Sql(
      "SELECT trace_id, span_id, time, duration_ns, toString(name), toUInt8(status = 'error') FROM "
      "(SELECT trace_id, span_id, time, duration_ns, name, status, ");
  AppendPeers(&sql);
  sql.Sql(" FROM events WHERE ");
  SKEP_TRY(AppendScope(examples.question, &sql, error_position));
  sql.Sql(" AND dataset = ").Bind(examples.from.empty() ? examples.to : examples.from);
  sql.Sql(" AND duration_ns >= ").Bind(examples.shortest_ns);
  sql.Sql(" AND duration_ns < ").Bind(examples.longest_ns);
  if (examples.from.empty()) {
    sql.Sql(" AND (kind IN ('server', 'consumer') OR parent_id = toFixedString('', 8)))");
  } else {
    sql.Sql(") WHERE (trace_id, span_id) IN ");
    AppendCallersOf(examples.question, examples.to, &sql);
    sql.Sql(" OR ").Sql(kPeer).Sql(" = ").Bind(examples.to);
  }
  sql.Sql(" ORDER BY time DESC LIMIT ").Bind(uint64_t{examples.limit});
  return sql.Take();
}

Result<std::vector<MapExample>> ReadMapExamples(Reader& reader, const MapExamples& examples,
                                                const CancelToken& cancel, size_t* error_position) {
  SKEP_ASSIGN(const Statement statement, PlanMapExamples(examples, error_position));
  SKEP_ASSIGN(const ResultTable table, reader.Run(statement, kOptions, cancel));
  std::vector<MapExample> found;
  for (size_t i = 0; i < table.rows; ++i)
    found.push_back({TraceId::FromRaw(table.column(0).Text(i)).value_or(TraceId()),
                     SpanId::FromRaw(table.column(1).Text(i)).value_or(SpanId()),
                     table.column(2).Int(i), table.column(3).UInt(i),
                     std::string(table.column(4).Text(i)), table.column(5).UInt(i) != 0});
  return found;
}

Result<ServiceMap> ReadServiceMap(Reader& reader, const MapQuestion& question,
                                  const CancelToken& cancel, size_t* error_position) {
  SKEP_ASSIGN(const Statement nodes, PlanMapNodes(question, error_position));
  SKEP_ASSIGN(const Statement edges, PlanMapEdges(question, error_position));
  SKEP_ASSIGN(const Statement peers, PlanMapPeers(question, error_position));
  MapMaker maker;
  SKEP_ASSIGN(const ResultTable served, reader.Run(nodes, kOptions, cancel));
  maker.AddNodes(served);
  SKEP_ASSIGN(const ResultTable called, reader.Run(edges, kOptions, cancel));
  maker.AddEdges(called);
  SKEP_ASSIGN(const ResultTable unanswered, reader.Run(peers, kOptions, cancel));
  maker.AddPeers(unanswered);
  return maker.Take();
}

}  // namespace skep
