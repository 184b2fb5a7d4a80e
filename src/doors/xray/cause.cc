// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/cause.h"

#include <array>
#include <vector>

namespace skep::xray {
namespace {

constexpr std::array<KnownMember, 3> kCause = {{
    {"id", "aws.xray.cause.id"},
    {"exceptions", "", Form::kSkip},
    {"working_directory", "process.working_directory"},
}};

// The value of a member, or 0: the root is no member.
size_t Member(const JsonTape& tape, AttributeWriter* writer, size_t object, std::string_view name) {
  size_t found = 0;
  ForEachMember(tape, writer, object, [&](std::string_view member, size_t value) {
    if (member == name) found = value;
  });
  return found;
}

// The first element of the array at `token`, or 0.
size_t FirstElement(const JsonTape& tape, size_t token) {
  const JsonTape::Token& array = tape.tokens()[token];
  return array.type == JsonType::kArray && array.next > token + 1 ? token + 1 : 0;
}

}  // namespace

void CauseWriter::Add(size_t cause, size_t document) {
  const JsonType type = tape_->tokens()[cause].type;
  if (type == JsonType::kString) return AddReference(attributes_->Text(cause), document);
  if (type == JsonType::kNull) return;
  attributes_->AddObject(cause, kCause, "aws.xray.cause.");
  if (type != JsonType::kObject) return;
  const size_t list = Member(*tape_, attributes_, cause, "exceptions");
  if (list != 0 && FirstElement(*tape_, list) != 0) return AddExceptions(list);
  const size_t id = Member(*tape_, attributes_, cause, "id");
  if (id != 0) AddReference(attributes_->Text(id), document);
}

void CauseWriter::AddReference(std::string_view id, size_t document) {
  if (id.empty()) return;
  attributes_->AddText("aws.xray.cause.id", id);
  const size_t exception = document == kNoDocument ? 0 : FindException(id, document);
  if (exception != 0) AddException(exception);
}

void CauseWriter::AddExceptions(size_t list) {
  const size_t first = FirstElement(*tape_, list);
  AddException(first);
  // More than one: a chain of causes. It is kept as it came.
  if (tape_->tokens()[first].next != tape_->tokens()[list].next)
    attributes_->AddText("aws.xray.cause.exceptions", tape_->Raw(tape_->tokens()[list]));
}

void CauseWriter::AddException(size_t exception) {
  std::string_view type;
  std::string_view message;
  size_t stack = 0;
  ForEachMember(*tape_, attributes_, exception, [&](std::string_view member, size_t value) {
    const JsonTape::Token& token = tape_->tokens()[value];
    if (member == "type") type = attributes_->Text(value);
    if (member == "message") message = attributes_->Text(value);
    if (member == "stack") stack = value;
    if (member == "id") attributes_->AddText("aws.xray.exception.id", attributes_->Text(value));
    if (member == "remote" && token.type == JsonType::kBool && token.int64 != 0)
      attributes_->AddTrue("aws.xray.exception.remote");
  });
  attributes_->AddText("exception.type", type);
  attributes_->AddText("exception.message", message);
  if (stack != 0 && FirstElement(*tape_, stack) != 0)
    attributes_->AddText("exception.stacktrace", StackText(type, message, stack));
}

// The way most runtimes print one; X-Ray keeps frames as fields.
std::string_view CauseWriter::StackText(std::string_view type, std::string_view message,
                                        size_t stack) {
  text_.assign(type);
  if (!type.empty() && !message.empty()) text_ += ": ";
  text_ += message;
  const size_t end = tape_->tokens()[stack].next;
  for (size_t frame = stack + 1; frame < end; frame = tape_->tokens()[frame].next) {
    if (tape_->tokens()[frame].type != JsonType::kObject) continue;
    std::string_view path;
    std::string_view label;
    std::string_view line;
    ForEachMember(*tape_, attributes_, frame, [&](std::string_view member, size_t value) {
      if (member == "path") path = attributes_->Text(value);
      if (member == "label") label = attributes_->Text(value);
      if (member == "line") line = tape_->Raw(tape_->tokens()[value]);
    });
    text_.append("\n    at ").append(label).append(" (").append(path);
    text_.append(":").append(line).append(")");
  }
  return batch_->arena().Copy(text_);
}

size_t CauseWriter::FindInCause(std::string_view id, bool owner, size_t cause) {
  const size_t list = Member(*tape_, attributes_, cause, "exceptions");
  if (list == 0 || FirstElement(*tape_, list) == 0) return 0;
  if (owner) return FirstElement(*tape_, list);
  const size_t end = tape_->tokens()[list].next;
  for (size_t at = list + 1; at < end; at = tape_->tokens()[at].next) {
    const size_t own_id = Member(*tape_, attributes_, at, "id");
    if (own_id != 0 && attributes_->Text(own_id) == id) return at;
  }
  return 0;
}

// The exception with this id, or the first one of the subsegment with this id; else 0.
size_t CauseWriter::FindException(std::string_view id, size_t document) {
  std::vector<size_t> open = {document};
  while (!open.empty()) {
    const size_t object = open.back();
    open.pop_back();
    bool owner = false;
    size_t cause = 0;
    size_t children = 0;
    ForEachMember(*tape_, attributes_, object, [&](std::string_view member, size_t value) {
      if (member == "id") owner = attributes_->Text(value) == id;
      if (member == "cause") cause = value;
      if (member == "subsegments") children = value;
    });
    const size_t found = cause == 0 ? 0 : FindInCause(id, owner, cause);
    if (found != 0) return found;
    if (children == 0 || FirstElement(*tape_, children) == 0) continue;
    const size_t end = tape_->tokens()[children].next;
    for (size_t at = children + 1; at < end; at = tape_->tokens()[at].next) open.push_back(at);
  }
  return 0;
}

}  // namespace skep::xray
