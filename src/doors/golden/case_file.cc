// SPDX-License-Identifier: Apache-2.0
#include "doors/golden/case_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/hex.h"
#include "wire/base64.h"

namespace skep::golden {
namespace {

constexpr std::string_view kMark = "--- ";

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Takes the first line off; false at the end.
bool TakeLine(std::string_view* text, std::string_view* line) {
  if (text->empty()) return false;
  const size_t end = text->find('\n');
  *line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  return true;
}

Error Bad(std::string message) { return Error(Code::kInvalidArgument, std::move(message)); }

Status AddHeadLine(std::string_view line, CaseFile* file) {
  file->head.append(line).push_back('\n');
  if (line.empty() || line.starts_with('#')) return {};
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Bad("no `key: value`: " + std::string(line));
  file->keys[std::string(Trim(line.substr(0, colon)))] = Trim(line.substr(colon + 1));
  return {};
}

std::string WithoutSpaceAndRemarks(std::string_view text) {
  std::string out;
  std::string_view line;
  while (TakeLine(&text, &line))
    for (const char c : line.substr(0, line.find('#')))
      if (c != ' ' && c != '\t' && c != '\r') out.push_back(c);
  return out;
}

}  // namespace

std::string CaseFile::Key(const std::string& key, std::string_view otherwise) const {
  const auto found = keys.find(key);
  return found == keys.end() ? std::string(otherwise) : found->second;
}

const Section* CaseFile::Find(std::string_view name) const {
  for (const Section& section : sections)
    if (section.name == name) return &section;
  return nullptr;
}

Result<CaseFile> ParseCase(std::string_view text) {
  CaseFile file;
  std::string_view line;
  while (TakeLine(&text, &line)) {
    if (line.starts_with(kMark)) {
      const std::string_view mark = Trim(line.substr(kMark.size()));
      const size_t space = std::min(mark.find(' '), mark.size());
      file.sections.push_back(
          {std::string(mark.substr(0, space)), std::string(Trim(mark.substr(space))), {}});
    } else if (file.sections.empty()) {
      SKEP_TRY(AddHeadLine(line, &file));
    } else {
      file.sections.back().text.append(line).push_back('\n');
    }
  }
  for (Section& section : file.sections)
    if (section.text.ends_with('\n')) section.text.pop_back();
  if (file.Key("why").empty()) return Bad("the case does not say why");
  return file;
}

std::string FormatCase(const CaseFile& file) {
  std::string out = file.head;
  for (const Section& section : file.sections) {
    out.append(kMark).append(section.name);
    if (!section.argument.empty()) out.append(" ").append(section.argument);
    out.push_back('\n');
    out.append(section.text);
    if (!section.text.empty()) out.push_back('\n');
  }
  return out;
}

Result<Bytes> ReadBytes(std::string_view argument, std::string_view text) {
  if (argument.empty()) return Bytes(text);
  if (argument == "hex") {
    const std::string digits = WithoutSpaceAndRemarks(text);
    Bytes bytes;
    bytes.ResizeUninitialized(digits.size() / 2);
    if (!DecodeHex(digits, reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()))
      return Bad("no hexadecimal digits");
    return bytes;
  }
  if (argument == "base64") {
    const auto bytes = DecodeBase64(WithoutSpaceAndRemarks(text));
    if (!bytes) return Bad("no base64");
    return Bytes(*bytes);
  }
  constexpr std::string_view kFile = "file ";
  if (!argument.starts_with(kFile)) return Bad("unknown way to write bytes");
  SKEP_ASSIGN(
      const std::string content,
      ReadFile(std::string(SKEP_SOURCE_DIR "/").append(Trim(argument.substr(kFile.size())))));
  return Bytes(content);
}

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in) return Error(Code::kNotFound, "cannot read " + path);
  return content.str();
}

Status WriteFile(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return Error(Code::kInternal, "cannot write " + path);
  return {};
}

std::string Printable(std::string_view bytes) {
  const bool plain = std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7F);
  });
  if (plain) return std::string(bytes);
  std::string out = "hex:";
  AppendHex(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), &out);
  return out;
}

}  // namespace skep::golden
