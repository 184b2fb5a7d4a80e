// SPDX-License-Identifier: Apache-2.0
#include "model/carried_ids.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace skep {
namespace {

constexpr size_t kTraceDigits = 32;
constexpr size_t kSpanDigits = 16;
constexpr size_t kXRayTailDigits = 24;                                  // 1-8-24
constexpr size_t kXRaySize = 2 + 8 + 1 + kXRayTailDigits;               // with the rest before it
constexpr size_t kTraceParentSize = 3 + kTraceDigits + 1 + 16 + 1 + 2;  // 00-trace-span-flags
constexpr size_t kNameMax = 64;

constexpr std::array<bool, 256> kIsHex = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) table[static_cast<size_t>(c)] = HexDigit(static_cast<char>(c)) >= 0;
  return table;
}();
bool IsHex(char c) { return kIsHex[static_cast<uint8_t>(c)]; }

bool IsWordByte(char c) { return IsAlnum(c) || c == '_' || static_cast<uint8_t>(c) >= 0x80; }
// What no id may touch: it would be part of something longer.
bool IsFree(std::string_view text, size_t at) {
  return at >= text.size() || (!IsWordByte(text[at]) && text[at] != '-');
}
bool IsFreeBefore(std::string_view text, size_t at) { return at == 0 || IsFree(text, at - 1); }

struct Run {
  size_t begin = 0;
  size_t end = 0;
};
// The first whole run of hex digits at or behind `from` that has at least `digits`. Looks at one
// byte in `digits`: a run that long has a digit on each of these places.
bool NextHexRun(std::string_view text, size_t from, size_t digits, Run* run) {
  for (size_t at = from + digits - 1; at < text.size();) {
    if (!IsHex(text[at])) {
      from = at + 1;
      at += digits;
      continue;
    }
    run->begin = at;
    while (run->begin > from && IsHex(text[run->begin - 1])) --run->begin;
    run->end = at + 1;
    while (run->end < text.size() && IsHex(text[run->end])) ++run->end;
    if (run->end - run->begin >= digits) return true;
    from = run->end + 1;
    at = run->end + digits;
  }
  return false;
}

// A name in lower case without `_`, `-` and `.`.
struct PlainName {
  std::array<char, kNameMax> bytes;
  size_t size = 0;
  std::string_view view() const { return {bytes.data(), size}; }
};
PlainName Plain(std::string_view name) {
  PlainName plain;
  if (name.size() > kNameMax) return plain;
  for (const char c : name)
    if (c != '_' && c != '-' && c != '.') plain.bytes[plain.size++] = ToLower(c);
  return plain;
}

// Where programs put fields that are the line's own. Other prefixes say whose id it is (dd, parent,
// link, previous) and do not count.
constexpr std::array<std::string_view, 12> kOwnPrefixes = {
    "",           "otel",   "context", "fields", "extra", "mdc",
    "attributes", "labels", "custom",  "data",   "x",     "contextmap"};

bool IsNameOf(std::string_view plain, std::string_view ending) {
  if (!plain.ends_with(ending)) return false;
  plain.remove_suffix(ending.size());
  return std::find(kOwnPrefixes.begin(), kOwnPrefixes.end(), plain) != kOwnPrefixes.end();
}
bool IsTraceName(std::string_view name) { return IsNameOf(Plain(name).view(), "traceid"); }
bool IsSpanName(std::string_view name) {
  const PlainName plain = Plain(name);
  return IsNameOf(plain.view(), "spanid") || IsNameOf(plain.view(), "segmentid");
}

bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`' || c == '\\'; }
bool IsNameByte(char c) { return IsWordByte(c) || c == '.' || c == '-' || c == '@'; }

// The name to which the value at `at` belongs: `name=`, `name: `, `"name":"`, `\"name\": \"`,
// `name => "`. Empty if there is none.
std::string_view NameBefore(std::string_view text, size_t at) {
  const auto skip = [&](auto&& matches, size_t most) {
    for (; most > 0 && at > 0 && matches(text[at - 1]); --most) --at;
  };
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  skip(IsQuote, 4);
  skip(space, 4);
  if (at > 0 && text[at - 1] == '>') --at;  // of `=>`
  if (at == 0 || (text[at - 1] != '=' && text[at - 1] != ':')) return {};
  --at;
  skip(space, 4);
  skip(IsQuote, 4);
  const size_t end = at;
  skip(IsNameByte, kNameMax + 1);
  return text.substr(at, end - at);
}

std::optional<TraceId> TraceIdAt(std::string_view digits) {
  auto id = TraceId::FromHex(digits);
  if (id && id->empty()) id.reset();
  return id;
}

// X-Ray's header behind the trace id: `;Parent=53995c3f42cd8ad8;Sampled=1`, or `@53995c3f42cd8ad8`
// as its SDK for Java writes into lines.
SpanId XRaySpan(std::string_view rest) {
  constexpr std::string_view kParent = ";Parent=";
  size_t at = 0;
  if (rest.starts_with('@')) {
    at = 1;
  } else if (rest.starts_with(kParent)) {
    at = kParent.size();
  } else {
    return {};
  }
  if (!IsFree(rest, at + kSpanDigits)) return {};
  return SpanId::FromHex(rest.substr(at, kSpanDigits)).value_or(SpanId());
}

bool IsMessageName(std::string_view name) {
  return name == "message" || name == "msg" || name == "log" || name == "event";
}

}  // namespace

void CarriedIdsFinder::Add(Kind kind, const TraceId& trace_id, const SpanId& span_id) {
  Found& found = found_[kind];
  if (found.trace_id.empty()) {
    found.trace_id = trace_id;
  } else if (found.trace_id != trace_id) {
    found.ambiguous = true;
  }
  if (!span_id.empty() && found.span_id.empty()) found.span_id = span_id;
}

void CarriedIdsFinder::AddSpan(const SpanId& span_id) {
  if (span_id.empty()) return;
  if (!span_id_.empty() && span_id_ != span_id) spans_ambiguous_ = true;
  span_id_ = span_id;
}

bool CarriedIdsFinder::AddTraceParent(std::string_view text, size_t begin, size_t end) {
  if (begin < 3 || end - begin != kTraceDigits) return false;
  const size_t start = begin - 3;
  const std::string_view whole = text.substr(start, kTraceParentSize);
  if (whole.size() != kTraceParentSize || !whole.starts_with("00-")) return false;
  if (!IsFreeBefore(text, start) || !IsFree(text, start + kTraceParentSize)) return false;
  if (whole[35] != '-' || whole[52] != '-' || !IsHex(whole[53]) || !IsHex(whole[54])) return false;
  const auto trace_id = TraceIdAt(whole.substr(3, kTraceDigits));
  const auto span_id = SpanId::FromHex(whole.substr(36, kSpanDigits));
  if (!trace_id || !span_id || span_id->empty()) return false;
  Add(kTraceParent, *trace_id, *span_id);
  return true;
}

bool CarriedIdsFinder::AddXRay(std::string_view text, size_t begin, size_t end) {
  constexpr size_t kBefore = kXRaySize - kXRayTailDigits;
  if (begin < kBefore || end - begin != kXRayTailDigits) return false;
  const size_t start = begin - kBefore;
  if (!IsFreeBefore(text, start) || !IsFree(text, end)) return false;
  // A load balancer's own id, which is not the trace's.
  if (text.substr(0, start).ends_with("Self=")) return false;
  const auto trace_id = TraceIdFromXRay(text.substr(start, kXRaySize));
  if (!trace_id || trace_id->empty()) return false;
  Add(kXRay, *trace_id, XRaySpan(text.substr(end)));
  return true;
}

void CarriedIdsFinder::AddRun(std::string_view text, size_t begin, size_t end) {
  if (AddXRay(text, begin, end) || AddTraceParent(text, begin, end)) return;
  if (end - begin != kTraceDigits) return;
  if (!IsFreeBefore(text, begin) || !IsFree(text, end)) return;
  if (!IsTraceName(NameBefore(text, begin))) return;
  if (const auto trace_id = TraceIdAt(text.substr(begin, kTraceDigits))) Add(kNamed, *trace_id, {});
}

void CarriedIdsFinder::AddSpansOfText(std::string_view text) {
  Run run;
  for (size_t from = 0; NextHexRun(text, from, kSpanDigits, &run); from = run.end) {
    if (run.end - run.begin != kSpanDigits) continue;
    if (!IsFreeBefore(text, run.begin) || !IsFree(text, run.end)) continue;
    if (!IsSpanName(NameBefore(text, run.begin))) continue;
    if (const auto id = SpanId::FromHex(text.substr(run.begin, kSpanDigits))) AddSpan(*id);
  }
}

void CarriedIdsFinder::AddText(std::string_view text) {
  Run run;
  bool any = false;
  for (size_t from = 0; NextHexRun(text, from, kXRayTailDigits, &run); from = run.end) {
    AddRun(text, run.begin, run.end);
    any = true;
  }
  if (any) AddSpansOfText(text);
}

void CarriedIdsFinder::AddField(std::string_view name, std::string_view value) {
  if (value.size() < kSpanDigits) return;
  if (value.size() == kSpanDigits) {
    if (!IsSpanName(name)) return;
    if (const auto id = SpanId::FromHex(value)) AddSpan(*id);
  } else if (value.size() == kTraceDigits) {
    if (!IsTraceName(name)) return;
    if (const auto id = TraceIdAt(value)) Add(kNamed, *id, {});
  } else if (value.size() == kTraceParentSize || value.size() == kXRaySize ||
             value.starts_with("Root=1-") || value.starts_with("Self=1-") || IsMessageName(name)) {
    AddText(value);
  }
}

CarriedIds CarriedIdsFinder::ids() const {
  for (const Found& found : found_) {
    if (found.trace_id.empty()) continue;
    if (found.ambiguous) return {};
    CarriedIds ids{found.trace_id, found.span_id};
    if (ids.span_id.empty() && !spans_ambiguous_) ids.span_id = span_id_;
    return ids;
  }
  return {};
}

}  // namespace skep
