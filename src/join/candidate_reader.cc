// SPDX-License-Identifier: Apache-2.0
#include "join/candidate_reader.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "wire/url.h"

namespace skep::join {
namespace {

constexpr uint8_t kNoFact = 0xFF;

uint64_t Hash(std::initializer_list<std::string_view> parts) {
  uint64_t hash = 0;
  for (const std::string_view part : parts)
    hash = (hash ^ std::hash<std::string_view>()(part)) * 0x9E3779B97F4A7C15ull + part.size();
  return hash;
}

// Where a request went.
struct Place {
  std::string path;
  std::string query;
  std::string authority;
};

// HOST:PORT, without the port that goes without saying.
std::string Authority(std::string_view host) {
  for (const std::string_view port : {":80", ":443"})
    if (host.ends_with(port)) host.remove_suffix(port.size());
  return ToLower(host);
}

void SetTarget(std::string_view target, Place* place) {
  target = target.substr(0, target.find('#'));
  const size_t question = target.find('?');
  const std::string_view path = target.substr(0, question);
  // SDKs differ in what they escape.
  place->path = PercentDecode(path).value_or(std::string(path));
  if (place->path.empty()) place->path = "/";
  if (question != std::string_view::npos) place->query = target.substr(question + 1);
}

void SetUrl(std::string_view url, Place* place) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return SetTarget(url, place);
  url.remove_prefix(scheme + 3);
  const size_t slash = std::min(url.find_first_of("/?#"), url.size());
  std::string_view authority = url.substr(0, slash);
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  place->authority = Authority(authority);
  SetTarget(url.substr(slash), place);
}

Place PlaceOf(const Facts& facts) {
  Place place;
  if (const auto url = facts.text(Fact::kUrl); !url.empty()) SetUrl(url, &place);
  if (const auto target = facts.text(Fact::kTarget); !target.empty()) SetTarget(target, &place);
  if (const auto path = facts.text(Fact::kPath); !path.empty()) SetTarget(path, &place);
  if (const auto query = facts.text(Fact::kQuery); !query.empty()) place.query = query;
  if (!place.authority.empty()) return place;
  if (const auto host = facts.text(Fact::kHttpHost); !host.empty()) {
    place.authority = Authority(host);
  } else if (const auto address = facts.text(Fact::kServerAddress); !address.empty()) {
    const int64_t port = facts.number(Fact::kServerPort);
    const bool has_port = address.find(':') != std::string_view::npos;
    place.authority =
        Authority(port == 0 || has_port ? std::string(address)
                                        : std::string(address) + ":" + std::to_string(port));
  }
  return place;
}

uint64_t ProcessOf(const RecordView& record, const Facts& facts) {
  if (record.door == Door::kCloudWatch)
    return Hash({"stream", facts.text(Fact::kLogGroup), facts.text(Fact::kLogStream)});
  return Hash({"process", record.dataset, facts.text(Fact::kInstance), facts.text(Fact::kHostName),
               std::to_string(facts.number(Fact::kPid))});
}

// Rollbar says a class without its module, OpenTelemetry with it.
uint64_t ExceptionOf(const RecordView& record, const Facts& facts) {
  std::string_view type = facts.text(Fact::kExceptionType);
  if (type.empty()) return 0;
  type.remove_prefix(type.find_last_of(".:\\") + 1);
  std::string_view message = facts.text(Fact::kExceptionMessage);
  if (message.empty() && record.signal == Signal::kError) message = record.body;
  return Hash({"exception", type, message});
}

void SetAddresses(const RecordView& record, const Facts& facts, RequestCandidate* request) {
  const std::string_view client = facts.text(Fact::kClient);
  const std::string_view peer = facts.text(Fact::kPeer);
  if (record.door == Door::kXRay) {
    // X-Ray's client is what a proxy forwarded, where one did; else the connection's.
    request->client = client;
    if (!facts.yes(Fact::kForwarded)) request->peer = client;
    return;
  }
  request->client = client;
  request->peer = peer;
}

void AddRequest(const RecordView& record, const Facts& facts, Candidates* out) {
  const std::string_view method = facts.text(Fact::kMethod);
  if (method.empty()) return;
  if (record.door == Door::kXRay && facts.text(Fact::kXRayDocument) != "segment") return;
  RequestCandidate& request = out->requests.emplace_back();
  Place place = PlaceOf(facts);
  request.door = record.door;
  request.trace_id = record.trace_id;
  request.span_id = record.span_id;
  request.start_ns = record.time_ns;
  request.end_ns = record.time_ns + static_cast<int64_t>(record.duration_ns);
  request.receive_ns = record.receive_ns;
  request.service = record.dataset;
  request.method = ToUpper(method);
  request.path = std::move(place.path);
  request.query = std::move(place.query);
  request.authority = std::move(place.authority);
  request.status = facts.number(Fact::kStatus);
  SetAddresses(record, facts, &request);
  request.host = ToLower(facts.text(Fact::kHostName));
  request.pid = facts.number(Fact::kPid);
  request.process = ProcessOf(record, facts);
  request.exception = ExceptionOf(record, facts);
}

void AddLine(const RecordView& record, const Facts& facts, Candidates* out) {
  LineCandidate& line = out->lines.emplace_back();
  line.door = record.door;
  line.trace_id = record.trace_id;
  line.span_id = record.parent_id;
  line.time_ns = record.time_ns;
  line.receive_ns = record.receive_ns;
  line.event_id = record.event_id;
  line.text = record.body.substr(0, LineCandidate::kTextMax);
  line.text.resize(line.text.find_last_not_of(" \r\n\t") + 1);  // formatters differ in them
  if (record.body.starts_with('{'))
    line.message = facts.text(Fact::kMessage).substr(0, LineCandidate::kTextMax);
  line.process = ProcessOf(record, facts);
}

void AddError(const RecordView& record, const Facts& facts, Candidates* out) {
  ErrorCandidate& error = out->errors.emplace_back();
  Place place = PlaceOf(facts);
  error.time_ns = record.time_ns;
  error.receive_ns = record.receive_ns;
  error.event_id = record.event_id;
  error.method = ToUpper(facts.text(Fact::kMethod));
  error.path = std::move(place.path);
  error.query = std::move(place.query);
  error.authority = std::move(place.authority);
  error.client = facts.text(Fact::kClient);
  error.host = ToLower(facts.text(Fact::kHostName));
  error.pid = facts.number(Fact::kPid);
  error.exception = ExceptionOf(record, facts);
}

// Which of a batch's attribute names are facts: found once, then looked up by number.
class BatchFacts {
 public:
  explicit BatchFacts(const RecordBatch& batch) : batch_(batch), ranks_(batch.keys().size()) {
    for (size_t key = 0; key < ranks_.size(); ++key) {
      const auto rank = FindFactName(batch.keys()[key]);
      ranks_[key] = rank ? static_cast<uint8_t>(*rank) : kNoFact;
    }
  }
  Facts Of(const Record& record) const {
    Facts facts;
    // The record's own first: of two under one name, the one set first stays.
    for (uint32_t i = record.own_begin; i < record.own_end; ++i) Set(i, &facts);
    for (uint32_t i = record.shared_begin; i < record.shared_end; ++i) Set(i, &facts);
    return facts;
  }

 private:
  void Set(uint32_t i, Facts* facts) const {
    const Attribute& attribute = batch_.attributes()[i];
    if (ranks_[attribute.key] != kNoFact) facts->Set(ranks_[attribute.key], attribute.value);
  }
  const RecordBatch& batch_;
  std::vector<uint8_t> ranks_;
};

RecordView ViewOf(const Record& record, Door door, int64_t receive_ns, size_t row) {
  return {door,           record.signal,      record.kind,
          record.time_ns, record.duration_ns, record.trace_id,
          record.span_id, record.parent_id,   record.dataset,
          record.body,    receive_ns,         row};
}

}  // namespace

bool MayBeCandidate(const RecordView& record) {
  switch (record.signal) {
    case Signal::kSpan:
      return record.kind == SpanKind::kServer && !record.trace_id.empty();
    case Signal::kLog:
      // A line of CloudWatch that carries ids is where it belongs.
      return record.door != Door::kCloudWatch || record.trace_id.empty();
    case Signal::kError:
      return record.trace_id.empty();
    default:
      return false;
  }
}

void AddCandidate(const RecordView& record, const Facts& facts, Candidates* out) {
  if (!MayBeCandidate(record)) return;
  if (record.signal == Signal::kSpan) return AddRequest(record, facts, out);
  if (record.signal == Signal::kLog) return AddLine(record, facts, out);
  AddError(record, facts, out);
}

bool IsException(Signal signal, std::string_view name) {
  return signal == Signal::kSpanEvent && name == "exception";
}

void SetExceptionTimes(const std::vector<std::pair<SpanId, int64_t>>& times, Candidates* out) {
  if (times.empty()) return;
  std::unordered_map<SpanId, int64_t, IdHash> by_span;
  for (const auto& [span, time_ns] : times) by_span.emplace(span, time_ns);
  for (RequestCandidate& request : out->requests)
    if (const auto found = by_span.find(request.span_id); found != by_span.end())
      request.exception_ns = found->second;
}

Candidates ReadCandidates(const RecordBatch& batch, Door door, int64_t receive_ns,
                          size_t candidates_max, bool* cut) {
  Candidates out;
  const BatchFacts batch_facts(batch);
  std::vector<std::pair<SpanId, int64_t>> exceptions;
  uint32_t heard_shared = UINT32_MAX;
  for (size_t row = 0; row < batch.records().size(); ++row) {
    const Record& record = batch.records()[row];
    const RecordView view = ViewOf(record, door, receive_ns, row);
    if (IsException(record.signal, record.name))
      exceptions.emplace_back(record.parent_id, record.time_ns);
    const bool span_of_process = record.signal == Signal::kSpan && door != Door::kXRay;
    const bool news = span_of_process && record.shared_begin != heard_shared;
    if (!news && !MayBeCandidate(view)) continue;
    const Facts facts = batch_facts.Of(record);
    if (news) {
      heard_shared = record.shared_begin;
      out.heard.emplace_back(ProcessOf(view, facts), receive_ns);
    }
    if (out.size() < candidates_max) {
      AddCandidate(view, facts, &out);
    } else if (MayBeCandidate(view)) {
      *cut = true;
    }
  }
  SetExceptionTimes(exceptions, &out);
  return out;
}

}  // namespace skep::join
