// SPDX-License-Identifier: Apache-2.0
#include "errors/grouping.h"

#include <algorithm>

#include "errors/normalise.h"
#include "errors/own_code.h"
#include "errors/sha1.h"

namespace skep {
namespace {

constexpr size_t kFingerprintBytesMax = 40;
constexpr size_t kTitleBytesMax = 255;
constexpr size_t kNormalisedBytesMax = 4096;  // of a message: what follows tells no kinds apart

// Parts of a key never run into each other.
constexpr char kBetween = '\x1f';

std::string_view FirstLine(std::string_view text) {
  while (!text.empty() && (text.front() == '\n' || text.front() == '\r' || text.front() == ' '))
    text.remove_prefix(1);
  text = text.substr(0, text.find('\n'));
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

// At most `bytes_max`, never in the middle of a character.
std::string_view CutUtf8(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

void AppendFrame(const ErrorFrame& frame, std::string_view source_root, std::string* key) {
  std::string_view filename = frame.filename;
  // Wherever the program is installed, its files are the same.
  if (IsBelowRoot(filename, source_root)) {
    filename.remove_prefix(source_root.size());
    *key += "<root>";
    if (!filename.starts_with('/')) *key += '/';
  }
  NormaliseFilename(filename, key);
  *key += kBetween;
  NormaliseMethod(frame.class_name, key);
  *key += kBetween;
  NormaliseMethod(frame.method, key);
  *key += kBetween;
}

void AppendException(const ErrorException& exception, std::string_view source_root,
                     std::string* key) {
  const size_t begin = key->size();
  for (const ErrorFrame& frame : exception.frames)
    if (IsOwnCode(frame, source_root)) AppendFrame(frame, source_root, key);
  if (key->size() == begin) {  // none: then the library's are what there is
    for (const ErrorFrame& frame : exception.frames) AppendFrame(frame, source_root, key);
  }
  *key += exception.type;
  *key += kBetween;
  if (exception.frames.empty())  // else every error of that class would be one item
    NormaliseMessage(CutUtf8(FirstLine(exception.message), kNormalisedBytesMax), key);
  *key += kBetween;
}

}  // namespace

std::string FingerprintOf(const ErrorOccurrence& occurrence) {
  const std::string_view given = occurrence.given_fingerprint;
  if (!given.empty())
    return given.size() <= kFingerprintBytesMax ? std::string(given) : Sha1Hex(given);
  std::string key;
  switch (occurrence.kind) {
    case ErrorKind::kExceptions:
      key = "exceptions";
      key += kBetween;
      for (const ErrorException& exception : occurrence.exceptions)
        AppendException(exception, occurrence.source_root, &key);
      break;
    case ErrorKind::kMessage:
      key = "message";
      key += kBetween;
      NormaliseMessage(CutUtf8(occurrence.text, kNormalisedBytesMax), &key);
      break;
    case ErrorKind::kReport:
      key = "report";
      key += kBetween;
      NormaliseMessage(CutUtf8(FirstLine(occurrence.text), kNormalisedBytesMax), &key);
      break;
  }
  return Sha1Hex(key);
}

std::string TitleOf(const ErrorOccurrence& occurrence) {
  std::string title(FirstLine(occurrence.given_title));
  if (title.empty() && occurrence.kind == ErrorKind::kExceptions &&
      !occurrence.exceptions.empty()) {
    const ErrorException& first = occurrence.exceptions.front();
    title = first.type;
    const std::string_view message = FirstLine(first.message);
    if (!message.empty()) {
      if (!title.empty()) title += ": ";
      title += message.substr(0, kTitleBytesMax);
    }
  } else if (title.empty()) {
    title = FirstLine(occurrence.text);
  }
  if (title.empty()) title = "(no message)";
  return std::string(CutUtf8(title, kTitleBytesMax));
}

uint64_t ItemIdOf(std::string_view project, std::string_view environment,
                  std::string_view fingerprint) {
  std::string key(project);
  key += kBetween;
  key += environment;
  key += kBetween;
  key += fingerprint;
  return Sha1Id(key);
}

Grouping GroupOf(const ErrorOccurrence& occurrence) {
  Grouping grouping;
  grouping.fingerprint = FingerprintOf(occurrence);
  grouping.title = TitleOf(occurrence);
  grouping.item = ItemIdOf(occurrence.project, occurrence.environment, grouping.fingerprint);
  return grouping;
}

const ErrorFrame* MainFrame(const ErrorOccurrence& occurrence) {
  for (const ErrorException& exception : occurrence.exceptions) {
    if (exception.frames.empty()) continue;
    const auto own = std::find_if(
        exception.frames.rbegin(), exception.frames.rend(),
        [&](const ErrorFrame& frame) { return IsOwnCode(frame, occurrence.source_root); });
    return own == exception.frames.rend() ? &exception.frames.back() : &*own;
  }
  return nullptr;
}

}  // namespace skep
