// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/request_decoder.h"

#include <utility>

namespace skep::otlp {
namespace {

constexpr std::string_view kUnknownService = "unknown_service";

// The dataset of a resource, as Honeycomb names it: SDKs without a name say
// `unknown_service:python` and the like.
std::string_view DatasetOf(std::string_view service_name) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = service_name.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return kUnknownService;
  service_name = service_name.substr(begin, service_name.find_last_not_of(kBlank) - begin + 1);
  return service_name.starts_with(kUnknownService) ? kUnknownService : service_name;
}

// The parts of a Resource* or Scope* message, in whatever order they come.
struct Layer {
  std::string_view about;  // Resource or InstrumentationScope
  std::string_view schema_url;
};
bool ReadLayer(std::string_view message, Layer* layer) {
  ProtoReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == BytesTag(1)) layer->about = reader.bytes();
    if (reader.tag() == BytesTag(3)) layer->schema_url = reader.bytes();
  }
  return reader.ok();
}

}  // namespace

RequestDecoder::RequestDecoder(Bytes body, int64_t receive_time_ns, const Limits& limits)
    : limits_(limits),
      receive_time_ns_(receive_time_ns),
      batch_(std::move(body)),
      attributes_(&batch_, limits_) {}

bool RequestDecoder::Malformed() {
  return attributes_.FailRequest("the body is not the protobuf message that this path takes");
}

Result<RecordBatch> RequestDecoder::Decode(std::string_view message) {
  ProtoReader reader(message);
  bool fine = true;
  while (fine && reader.Next())
    if (reader.tag() == BytesTag(1)) fine = DecodeResource(reader.bytes());
  if (fine && !reader.ok()) fine = Malformed();
  if (!fine) return Error(Code::kInvalidArgument, attributes_.problem().message);
  return std::move(batch_);
}

bool RequestDecoder::DecodeResource(std::string_view message) {
  Layer layer;
  if (!ReadLayer(message, &layer)) return Malformed();
  attributes_.BeginShared();
  batch_.BeginShared();
  std::string_view service_name;
  ProtoReader about(layer.about);
  while (about.Next()) {
    if (about.tag() != BytesTag(1)) continue;
    if (!attributes_.AddKeyValue(about.bytes())) return false;
    KeyValue pair;
    if (ReadKeyValue(about.bytes(), &pair) && pair.key == "service.name")
      service_name = pair.value.kind == AnyKind::kString ? pair.value.bytes : std::string_view();
  }
  if (!about.ok()) return Malformed();
  if (!layer.schema_url.empty() && !attributes_.AddText("resource.schema_url", layer.schema_url))
    return false;
  ScopeContext context;
  context.shared = batch_.EndShared();
  context.dataset = DatasetOf(service_name);
  context.sample_rate = attributes_.sample_rate();

  ProtoReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != BytesTag(2)) continue;
    if (!DecodeScope(reader.bytes(), context.shared, context)) return false;
  }
  return true;
}

bool RequestDecoder::DecodeScope(std::string_view message, SharedSet resource,
                                 ScopeContext context) {
  Layer layer;
  if (!ReadLayer(message, &layer)) return Malformed();
  if (layer.about.empty() && layer.schema_url.empty()) return DecodeScopeItems(message, context);

  // Each scope copies its resource's set: small messages must not make a large batch.
  if (batch_.attributes().size() + (resource.end - resource.begin) >
      limits_.attributes_per_request_max)
    return attributes_.FailRequest("the request has too many attributes");
  attributes_.BeginShared();
  batch_.BeginShared(resource);
  ProtoReader about(layer.about);
  while (about.Next()) {
    bool added = true;
    if (about.tag() == BytesTag(1) && !about.bytes().empty())
      added = attributes_.AddText("library.name", about.bytes());
    else if (about.tag() == BytesTag(2) && !about.bytes().empty())
      added = attributes_.AddText("library.version", about.bytes());
    else if (about.tag() == BytesTag(3))
      added = attributes_.AddKeyValue(about.bytes());
    if (!added) return false;
  }
  if (!about.ok()) return Malformed();
  if (!layer.schema_url.empty() && !attributes_.AddText("scope.schema_url", layer.schema_url))
    return false;
  context.shared = batch_.EndShared();
  if (attributes_.sample_rate()) context.sample_rate = attributes_.sample_rate();
  return DecodeScopeItems(message, context);
}

bool RequestDecoder::DecodeScopeItems(std::string_view message, const ScopeContext& context) {
  ProtoReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != BytesTag(2)) continue;
    const size_t before = batch_.records().size();
    if (DecodeItem(reader.bytes(), context)) continue;
    if (attributes_.problem().whole_request) return false;
    Reject(before);
  }
  return true;
}

Record* RequestDecoder::BeginRecord(const ScopeContext& scope) {
  if (batch_.records().size() >= limits_.records_max) {
    attributes_.FailRequest("the request has too many records");
    return nullptr;
  }
  Record& record = batch_.BeginRecord(scope.shared);
  record.dataset = scope.dataset;
  record.sample_rate = scope.sample_rate.value_or(1);
  attributes_.BeginRecord();
  return &record;
}

void RequestDecoder::Reject(size_t keep) {
  while (batch_.records().size() > keep) batch_.DropRecord();
  batch_.AddRejected(1, attributes_.problem().message);
  attributes_.ClearProblem();
}

}  // namespace skep::otlp
