// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/decode.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "wire/json_tape.h"

namespace skep::xray {
namespace {

// As all SDKs write it.
constexpr std::string_view kHeader = R"({"format":"json","version":1})";

bool EqualsJson(std::string_view text) {
  return text.size() == 4 && (text[0] | 32) == 'j' && (text[1] | 32) == 's' &&
         (text[2] | 32) == 'o' && (text[3] | 32) == 'n';
}

// The same header in another spelling: the daemon reads it as JSON, and "format" in any case.
bool IsHeader(std::string_view line) {
  constexpr size_t kHeaderBytesMax = 256;
  JsonTape tape;
  if (line.size() > kHeaderBytesMax || !tape.Parse(line)) return false;
  const auto& tokens = tape.tokens();
  if (tokens[0].type != JsonType::kObject) return false;
  bool format = false;
  bool version = false;
  for (size_t at = 1; at < tokens[0].next; at = tokens[at + 1].next) {
    const JsonTape::Token& value = tokens[at + 1];
    if (tape.Raw(tokens[at]) == "format")
      format = value.type == JsonType::kString && EqualsJson(tape.Raw(value));
    if (tape.Raw(tokens[at]) == "version")
      version = value.type == JsonType::kInt64 && value.int64 == 1;
  }
  return format && version;
}

Error NoJson(std::string message) { return {Code::kFailedPrecondition, std::move(message)}; }
Error Invalid(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

// The token of TraceSegmentDocuments; 0 if it is missing or null.
size_t FindDocuments(const JsonTape& tape) {
  const auto& tokens = tape.tokens();
  size_t found = 0;
  for (size_t at = 1; at < tokens[0].next; at = tokens[at + 1].next)
    if (tape.Raw(tokens[at]) == "TraceSegmentDocuments") found = at + 1;
  return found != 0 && tokens[found].type == JsonType::kNull ? 0 : found;
}

}  // namespace

void AppendDatagram(std::string_view datagram, Bytes* body) {
  body->AppendRaw(static_cast<uint32_t>(datagram.size()));
  body->Append(datagram);
}

std::string_view DocumentOf(std::string_view datagram) {
  const size_t end = datagram.find('\n');
  if (end == std::string_view::npos) return {};
  const std::string_view line = datagram.substr(0, end);
  if (line != kHeader && !IsHeader(line)) return {};
  return datagram.substr(end + 1);
}

Result<RecordBatch> DecodeDatagrams(Bytes body, const Limits& limits) {
  RecordBatch batch(std::move(body));
  SegmentDecoder decoder(&batch, limits);
  std::string_view left = batch.body();
  while (!left.empty()) {
    uint32_t size = 0;
    if (left.size() < sizeof(size)) return Invalid("a datagram is cut");
    std::memcpy(&size, left.data(), sizeof(size));
    left.remove_prefix(sizeof(size));
    if (left.size() < size) return Invalid("a datagram is cut");
    const std::string_view document = DocumentOf(left.substr(0, size));
    left.remove_prefix(size);
    if (document.empty()) {
      batch.AddRejected(1, "the datagram is none that X-Ray's daemon takes");
    } else {
      decoder.Decode(document, nullptr);
    }
  }
  return batch;
}

Result<RecordBatch> DecodePutSegments(Bytes body, const Limits& limits,
                                      std::vector<Refusal>* refusals) {
  RecordBatch batch(std::move(body));
  JsonTape tape;
  if (!tape.Parse(batch.body())) return NoJson("the body is no JSON");
  const auto& tokens = tape.tokens();
  if (tokens[0].type != JsonType::kObject) return NoJson("the body is no JSON object");
  const size_t list = FindDocuments(tape);
  if (list == 0)
    return Invalid(
        "1 validation error detected: Value null at 'traceSegmentDocuments' failed to satisfy "
        "constraint: Member must not be null");
  if (tokens[list].type != JsonType::kArray) return NoJson("TraceSegmentDocuments is no list");
  for (size_t at = list + 1; at < tokens[list].next; at = tokens[at].next)
    if (tokens[at].type != JsonType::kString)
      return NoJson("TraceSegmentDocuments holds something else than strings");

  SegmentDecoder decoder(&batch, limits);
  for (size_t at = list + 1; at < tokens[list].next; ++at) {
    std::string_view document = tape.Raw(tokens[at]);
    if (tokens[at].escaped) {
      char* const plain = batch.arena().Allocate(document.size());
      document = {plain, JsonTape::Unescape(document, plain)};
    }
    decoder.Decode(document, refusals);
  }
  return batch;
}

}  // namespace skep::xray
