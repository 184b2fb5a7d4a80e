// SPDX-License-Identifier: Apache-2.0
#include "wire/json.h"

#define RAPIDJSON_HAS_STDSTRING 0
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

namespace skep {
namespace {

// Iterative: depth costs no stack. NaN and Infinity: Python's json writes them. Numbers as text:
// RapidJSON's own exact conversion of floats has undefined behaviour (it counts the zeros of 0).
constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseNanAndInfFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

using Pool = rapidjson::MemoryPoolAllocator<>;
using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, rapidjson::CrtAllocator>;
using Node = Document::ValueType;

const Node& Of(const void* node) { return *static_cast<const Node*>(node); }

std::string_view TextOf(const Node& node) { return {node.GetString(), node.GetStringLength()}; }

// Passes events on to the document and refuses what is nested too deep.
class DepthGuard {
 public:
  using Ch = char;
  DepthGuard(Document* document, size_t depth_max) : document_(document), depth_left_(depth_max) {}

  bool too_deep() const { return too_deep_; }
  bool too_big() const { return too_big_; }
  bool lone_surrogate() const { return lone_surrogate_; }

  bool Null() { return document_->Null(); }
  bool Bool(bool b) { return document_->Bool(b); }
  bool Int(int i) { return document_->Int(i); }
  bool Uint(unsigned i) { return document_->Uint(i); }
  bool Int64(int64_t i) { return document_->Int64(i); }
  bool Uint64(uint64_t i) { return document_->Uint64(i); }
  bool Double(double d) { return document_->Double(d); }
  bool RawNumber(const char* s, rapidjson::SizeType n, bool) {
    int64_t integer = 0;
    if (Read(s, n, &integer)) return document_->Int64(integer);
    uint64_t natural = 0;
    if (Read(s, n, &natural)) return document_->Uint64(natural);
    double real = 0;
    if (Read(s, n, &real)) return document_->Double(real);
    // Too large or too small for a double; the text ends with a zero.
    real = std::strtod(s, nullptr);
    too_big_ = std::isinf(real);
    return !too_big_ && document_->Double(real);
  }
  bool String(const char* s, rapidjson::SizeType n, bool copy) {
    return IsText({s, n}) && document_->String(s, n, copy);
  }
  bool Key(const char* s, rapidjson::SizeType n, bool copy) {
    return IsText({s, n}) && document_->Key(s, n, copy);
  }
  bool StartObject() { return Enter() && document_->StartObject(); }
  bool StartArray() { return Enter() && document_->StartArray(); }
  bool EndObject(rapidjson::SizeType n) {
    ++depth_left_;
    return document_->EndObject(n);
  }
  bool EndArray(rapidjson::SizeType n) {
    ++depth_left_;
    return document_->EndArray(n);
  }

 private:
  bool Enter() {
    too_deep_ = depth_left_ == 0;
    if (!too_deep_) --depth_left_;
    return !too_deep_;
  }

  template <typename T>
  static bool Read(const char* s, size_t n, T* number) {
    const auto [end, error] = std::from_chars(s, s + n, *number);
    return error == std::errc() && end == s + n;
  }

  // RapidJSON validates the bytes but lets `\udc00` alone through, which becomes bytes that are no
  // UTF-8.
  bool IsText(std::string_view text) {
    for (size_t at = text.find('\xED'); at != std::string_view::npos;
         at = text.find('\xED', at + 1))
      lone_surrogate_ |= static_cast<uint8_t>(text[at + 1]) >= 0xA0;
    return !lone_surrogate_;
  }

  Document* document_;
  size_t depth_left_;
  bool too_deep_ = false;
  bool too_big_ = false;
  bool lone_surrogate_ = false;
};

void AppendNode(const Node& node, JsonWriter* writer);

void AppendContainer(const Node& node, JsonWriter* writer) {
  if (node.IsObject()) {
    writer->BeginObject();
    for (const auto& member : node.GetObject()) {
      writer->Key(TextOf(member.name));
      AppendNode(member.value, writer);
    }
    writer->EndObject();
    return;
  }
  writer->BeginArray();
  for (const Node& element : node.GetArray()) AppendNode(element, writer);
  writer->EndArray();
}

// Recursion is bounded by the depth that the document was parsed with.
void AppendNode(const Node& node, JsonWriter* writer) {
  if (node.IsString()) return writer->String(TextOf(node));
  if (node.IsInt64()) return writer->Int(node.GetInt64());
  if (node.IsUint64()) return writer->UInt(node.GetUint64());
  if (node.IsDouble()) return writer->Float(node.GetDouble());
  if (node.IsBool()) return writer->Bool(node.GetBool());
  if (node.IsNull()) return writer->Null();
  AppendContainer(node, writer);
}

}  // namespace

struct JsonDocument::Impl {
  // Reused by ParseAgain: typical documents fit into the first chunk.
  static constexpr size_t kChunkBytes = 16 << 10;
  Pool pool{kChunkBytes};
  Document document{&pool, 1024};
};

JsonDocument::JsonDocument() : impl_(std::make_unique<Impl>()) {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

Result<JsonDocument> JsonDocument::Parse(std::string_view text, size_t depth_max) {
  JsonDocument document;
  SKEP_TRY(document.ParseAgain(text, depth_max));
  return document;
}

Status JsonDocument::ParseAgain(std::string_view text, size_t depth_max) {
  Document& document = impl_->document;
  document.SetNull();
  impl_->pool.Clear();
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator> reader;
  bool too_deep = false;
  bool too_big = false;
  bool lone_surrogate = false;
  rapidjson::ParseResult parsed;
  auto fill = [&](Document& target) {
    DepthGuard guard(&target, depth_max);
    parsed = reader.Parse<kParseFlags>(stream, guard);
    too_deep = guard.too_deep();
    too_big = guard.too_big();
    lone_surrogate = guard.lone_surrogate();
    return !parsed.IsError();
  };
  document.Populate(fill);
  if (too_deep) return Error(Code::kInvalidArgument, "JSON is nested too deep");
  if (lone_surrogate) return Error(Code::kInvalidArgument, "JSON: half of a surrogate pair");
  if (too_big) return Error(Code::kInvalidArgument, "JSON: a number is too big");
  // A NUL ends the text for RapidJSON; it does not for us.
  if (!parsed.IsError() && stream.Tell() != text.size())
    return Error(Code::kInvalidArgument,
                 "JSON: a NUL byte at byte " + std::to_string(stream.Tell()));
  if (parsed.IsError()) {
    return Error(Code::kInvalidArgument, std::string("JSON: ") +
                                             rapidjson::GetParseError_En(parsed.Code()) +
                                             " at byte " + std::to_string(parsed.Offset()));
  }
  return {};
}

JsonView JsonDocument::root() const { return JsonView(static_cast<const Node*>(&impl_->document)); }

JsonType JsonView::type() const {
  if (node_ == nullptr) return JsonType::kNull;
  const Node& node = Of(node_);
  if (node.IsString()) return JsonType::kString;
  if (node.IsObject()) return JsonType::kObject;
  if (node.IsArray()) return JsonType::kArray;
  if (node.IsInt64()) return JsonType::kInt64;
  if (node.IsUint64()) return JsonType::kUInt64;
  if (node.IsDouble()) return JsonType::kFloat64;
  if (node.IsBool()) return JsonType::kBool;
  return JsonType::kNull;
}

bool JsonView::IsNumber() const { return node_ != nullptr && Of(node_).IsNumber(); }

bool JsonView::boolean() const { return node_ != nullptr && Of(node_).IsTrue(); }

int64_t JsonView::int64(int64_t otherwise) const {
  if (node_ == nullptr) return otherwise;
  const Node& node = Of(node_);
  if (node.IsInt64()) return node.GetInt64();
  if (!node.IsDouble()) return otherwise;
  const double value = node.GetDouble();
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (!(value >= -kLimit && value < kLimit)) return otherwise;
  return static_cast<int64_t>(value);
}

double JsonView::float64(double otherwise) const {
  return node_ != nullptr && Of(node_).IsNumber() ? Of(node_).GetDouble() : otherwise;
}

std::string_view JsonView::text() const {
  return node_ != nullptr && Of(node_).IsString() ? TextOf(Of(node_)) : std::string_view();
}

size_t JsonView::size() const {
  if (node_ == nullptr) return 0;
  const Node& node = Of(node_);
  if (node.IsArray()) return node.Size();
  return node.IsObject() ? node.MemberCount() : 0;
}

JsonView JsonView::operator[](std::string_view name) const {
  if (node_ == nullptr || !Of(node_).IsObject()) return {};
  for (const auto& member : Of(node_).GetObject())
    if (TextOf(member.name) == name) return JsonView(&member.value);
  return {};
}

JsonView JsonView::At(size_t index) const {
  if (index >= size()) return {};
  const Node& node = Of(node_);
  const auto at = static_cast<rapidjson::SizeType>(index);
  if (node.IsArray()) return JsonView(&node[at]);
  return JsonView(&(node.MemberBegin() + static_cast<std::ptrdiff_t>(index))->value);
}

std::string_view JsonView::NameAt(size_t index) const {
  if (index >= size() || !Of(node_).IsObject()) return {};
  return TextOf((Of(node_).MemberBegin() + static_cast<std::ptrdiff_t>(index))->name);
}

std::string JsonView::ToJson() const {
  std::string out;
  AppendJson(&out);
  return out;
}

void JsonView::AppendJson(std::string* out) const {
  JsonWriter writer;
  if (node_ == nullptr)
    writer.Null();
  else
    AppendNode(Of(node_), &writer);
  out->append(writer.text());
}

}  // namespace skep
