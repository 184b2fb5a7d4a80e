// SPDX-License-Identifier: Apache-2.0
// CaseFile: the text of one golden case, taken apart and put together again; tests/golden/README.md
// describes it. Only tests use it. Values; thread-compatible.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace skep::golden {

struct Section {
  std::string name;      // first word after `---`
  std::string argument;  // the rest of that line
  std::string text;      // without the last line feed
};

struct CaseFile {
  std::string head;                         // as written
  std::map<std::string, std::string> keys;  // of the head
  std::vector<Section> sections;

  // The value of a key, or `otherwise`.
  std::string Key(const std::string& key, std::string_view otherwise = {}) const;
  const Section* Find(std::string_view name) const;
};

Result<CaseFile> ParseCase(std::string_view text);
std::string FormatCase(const CaseFile& file);

// Bytes written as `argument` says: empty (text), `hex`, `base64` or `file PATH` (from the root of
// the repository).
Result<Bytes> ReadBytes(std::string_view argument, std::string_view text);

Result<std::string> ReadFile(const std::string& path);
Status WriteFile(const std::string& path, std::string_view text);

// Bytes as golden text: as they are where that is plain text, else `hex:` and digits.
std::string Printable(std::string_view bytes);

}  // namespace skep::golden
