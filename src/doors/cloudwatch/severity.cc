// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/severity.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/ascii.h"

namespace skep::cloudwatch {
namespace {

constexpr Severity kTrace = 1;
constexpr Severity kDebug = 5;
constexpr Severity kInfo = 9;
constexpr Severity kNotice = 10;
constexpr Severity kWarn = 13;
constexpr Severity kError = 17;
constexpr Severity kFatal = 21;
constexpr Severity kSeverityMax = 24;

struct Level {
  std::string_view word;
  Severity severity;
};
constexpr std::array<Level, 25> kLevels = {{
    {"trace", kTrace},   {"trc", kTrace},       {"verbose", kTrace},  {"debug", kDebug},
    {"dbg", kDebug},     {"info", kInfo},       {"inf", kInfo},       {"information", kInfo},
    {"notice", kNotice}, {"warn", kWarn},       {"wrn", kWarn},       {"warning", kWarn},
    {"error", kError},   {"err", kError},       {"eror", kError},     {"severe", kError},
    {"fatal", kFatal},   {"ftl", kFatal},       {"critical", kFatal}, {"crit", kFatal},
    {"panic", kFatal},   {"emergency", kFatal}, {"emerg", kFatal},    {"alert", kFatal},
    {"crt", kFatal},
}};
constexpr size_t kWordMax = 11;
constexpr size_t kHeadBytes = 256;  // where a logging library has said the level by then
constexpr size_t kHeadTokens = 5;

bool IsSpace(char c) { return c == ' ' || c == '\t'; }
bool IsOneOf(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

// A word of letters in the head of a line.
struct Word {
  size_t begin;
  size_t end;
};

// `[ERROR]`, `<warn>`, `( info )`.
bool IsBracketed(std::string_view head, Word word) {
  while (word.begin > 0 && IsSpace(head[word.begin - 1])) --word.begin;
  while (word.end < head.size() && IsSpace(head[word.end])) ++word.end;
  return word.begin > 0 && word.end < head.size() && IsOneOf(head[word.begin - 1], "[(<{") &&
         IsOneOf(head[word.end], "])>}");
}

// `level=warn`, `severity: "ERROR"`.
bool IsValueOfLevel(std::string_view head, size_t at) {
  while (at > 0 && (IsSpace(head[at - 1]) || IsOneOf(head[at - 1], "\"'"))) --at;
  if (at == 0 || (head[at - 1] != '=' && head[at - 1] != ':')) return false;
  --at;
  while (at > 0 && IsOneOf(head[at - 1], "\"' ")) --at;
  size_t begin = at;
  while (begin > 0 && (IsLetter(head[begin - 1]) || IsOneOf(head[begin - 1], "_.@"))) --begin;
  const std::string_view name = head.substr(begin, at - begin);
  for (const char* known : {"level", "lvl", "severity", "levelname", "loglevel", "log.level"})
    if (EqualsIgnoringCase(name, known)) return true;
  return false;
}

// A word in capitals where a layout such as `%(asctime)s %(name)s %(levelname)s` puts it: first in
// the line, between separators, or among the first words of a line that begins with a time.
bool IsInLevelPlace(std::string_view head, Word word, size_t tokens_before) {
  const char before = word.begin == 0 ? ' ' : head[word.begin - 1];
  const char after = word.end == head.size() ? ' ' : head[word.end];
  if (!IsOneOf(before, " \t|:-[") || !IsOneOf(after, " \t|:-],")) return false;
  if (tokens_before == 0) return true;
  size_t left = word.begin;
  while (left > 0 && head[left - 1] == ' ') --left;
  size_t right = word.end;
  while (right < head.size() && head[right] == ' ') ++right;
  const auto separates = [&](size_t at) { return at < head.size() && IsOneOf(head[at], "|-\t"); };
  if (left > 0 && separates(left - 1) && separates(right)) return true;
  const size_t first = head.find_first_not_of(" [(");
  return tokens_before < kHeadTokens && first != std::string_view::npos && IsDigit(head[first]);
}

// glog and klog: `E1124 12:00:00.000000`.
Severity SeverityOfGlog(std::string_view head) {
  if (head.size() < 8 || head[5] != ' ' || !IsDigit(head[6]) || !IsDigit(head[7])) return 0;
  if (!std::all_of(head.begin() + 1, head.begin() + 5, IsDigit)) return 0;
  constexpr std::string_view kLetters = "DIWEF";
  constexpr std::array<Severity, 5> kSeverities = {kDebug, kInfo, kWarn, kError, kFatal};
  const size_t at = kLetters.find(head[0]);
  return at == std::string_view::npos ? Severity{0} : kSeverities[at];
}

Severity SeverityOfWordAt(std::string_view head, Word word, size_t tokens_before) {
  const std::string_view text = head.substr(word.begin, word.end - word.begin);
  const Severity severity = SeverityOfWord(text);
  if (severity == 0) return 0;
  if (IsBracketed(head, word) || IsValueOfLevel(head, word.begin)) return severity;
  // `error: no such file`
  if (word.begin == 0 && word.end < head.size() && head[word.end] == ':') return severity;
  const bool capitals = std::all_of(text.begin(), text.end(), IsUpper);
  return capitals && IsInLevelPlace(head, word, tokens_before) ? severity : Severity{0};
}

Severity SeverityOfSyslog(int64_t level) {
  constexpr std::array<Severity, 8> kSeverities = {kFatal, kFatal,  kFatal, kError,
                                                   kWarn,  kNotice, kInfo,  kDebug};
  return level >= 0 && level < 8 ? kSeverities[static_cast<size_t>(level)] : Severity{0};
}

enum class LevelField : uint8_t { kWord, kPython, kOpenTelemetry };
struct FieldName {
  std::string_view name;  // in lower case
  LevelField kind;
};
constexpr std::array<FieldName, 13> kFieldNames = {{
    {"level", LevelField::kWord},
    {"severity", LevelField::kWord},
    {"lvl", LevelField::kWord},
    {"levelname", LevelField::kWord},
    {"level_name", LevelField::kWord},
    {"loglevel", LevelField::kWord},
    {"log_level", LevelField::kWord},
    {"log.level", LevelField::kWord},
    {"severity_text", LevelField::kWord},
    {"severitytext", LevelField::kWord},
    {"levelno", LevelField::kPython},
    {"severity_number", LevelField::kOpenTelemetry},
    {"severitynumber", LevelField::kOpenTelemetry},
}};

Severity SeverityOfNumber(LevelField kind, int64_t number) {
  switch (kind) {
    case LevelField::kOpenTelemetry:
      return number > 0 && number <= kSeverityMax ? static_cast<Severity>(number) : Severity{0};
    case LevelField::kPython: {
      constexpr std::array<Severity, 6> kByTens = {0, kDebug, kInfo, kWarn, kError, kFatal};
      return number > 0 && number < 60 ? kByTens[static_cast<size_t>(number / 10)] : Severity{0};
    }
    case LevelField::kWord:
      break;
  }
  constexpr std::array<Severity, 7> kPino = {0, kTrace, kDebug, kInfo, kWarn, kError, kFatal};
  if (number >= 10 && number <= 60) return kPino[static_cast<size_t>(number / 10)];
  return SeverityOfSyslog(number);
}

}  // namespace

Severity SeverityOfWord(std::string_view word) {
  if (word.size() < 3 || word.size() > kWordMax) return 0;
  for (const Level& level : kLevels)
    if (EqualsIgnoringCase(word, level.word)) return level.severity;
  return 0;
}

Severity SeverityOfText(std::string_view line) {
  const std::string_view head = line.substr(0, std::min(line.find('\n'), kHeadBytes));
  if (const Severity severity = SeverityOfGlog(head)) return severity;
  size_t tokens = 0;
  for (size_t at = 0; at < head.size();) {
    if (!IsLetter(head[at])) {
      if (IsSpace(head[at]) && at > 0 && !IsSpace(head[at - 1])) ++tokens;
      ++at;
      continue;
    }
    Word word{at, at + 1};
    while (word.end < head.size() && IsLetter(head[word.end])) ++word.end;
    if (const Severity severity = SeverityOfWordAt(head, word, tokens)) return severity;
    at = word.end;
  }
  return 0;
}

Severity SeverityOfField(std::string_view name, const Value& value) {
  const auto* const field =
      std::find_if(kFieldNames.begin(), kFieldNames.end(),
                   [&](const FieldName& known) { return EqualsIgnoringCase(name, known.name); });
  if (field == kFieldNames.end()) return 0;
  if (value.type() == ValueType::kInt64) return SeverityOfNumber(field->kind, value.int64());
  return value.type() == ValueType::kString ? SeverityOfWord(value.text()) : Severity{0};
}

}  // namespace skep::cloudwatch
