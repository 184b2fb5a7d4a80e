// SPDX-License-Identifier: Apache-2.0
#include "doors/golden/runner.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "doors/golden/api_case.h"
#include "doors/golden/case_file.h"
#include "model/canonical.h"

namespace skep::golden {
namespace {

Error Bad(std::string message) { return Error(Code::kInvalidArgument, std::move(message)); }

// The case with its `expect` section as it came out.
Result<CaseFile> WithExpect(const CaseFile& file, const Result<std::string>& result) {
  const std::string status = result ? "ok" : std::string(ReplyFor(result.error().code).name);
  if (status != file.Key("status"))
    return Bad("expected status " + file.Key("status") + ", got " + status +
               (result ? std::string() : ": " + result.error().message));
  std::string expect = result ? *result : "error " + status + ": " + result.error().message;
  if (expect.ends_with('\n')) expect.pop_back();
  CaseFile played = file;
  if (played.Find("expect") == nullptr) played.sections.push_back({"expect", {}, {}});
  for (Section& section : played.sections)
    if (section.name == "expect") section.text = expect;
  return played;
}

Result<CaseFile> PlayDecodeCase(const CaseFile& file, const Harness& harness) {
  const auto format = harness.formats.find(file.Key("format"));
  if (format == harness.formats.end()) return Bad("unknown format " + file.Key("format"));
  const Section* body = file.Find("body");
  if (body == nullptr) return Bad("the case has no body");
  SKEP_ASSIGN(Bytes bytes, ReadBytes(body->argument, body->text));

  DecodeContext context;
  const std::string context_text = file.Key("context");
  context.context = context_text;
  context.receive_time_ns = kReceiveTimeNs;
  const std::string time = file.Key("receive-time");
  if (!time.empty() && !ParseTime(time, &context.receive_time_ns)) return Bad("no time: " + time);

  const auto batch = format->second(std::move(bytes), context);
  if (!batch) return WithExpect(file, batch.error());
  return WithExpect(file, Canonical(*batch));
}

Result<CaseFile> PlayPlanCase(const CaseFile& file, const Harness& harness) {
  if (!harness.plan) return Bad("nothing here plans questions");
  return WithExpect(file, harness.plan(file));
}

// The first line in which two texts differ, with a line before it.
std::string FirstDifference(std::string_view expected, std::string_view actual) {
  size_t at = 0;
  while (at < expected.size() && at < actual.size() && expected[at] == actual[at]) ++at;
  const size_t line = at == 0 ? 0 : expected.rfind('\n', at - 1);
  const size_t begin = line == std::string_view::npos || line == 0 ? 0 : line + 1;
  const auto line_of = [&](std::string_view text) {
    return begin >= text.size() ? "(end)"
                                : std::string(text.substr(begin, text.find('\n', begin) - begin));
  };
  return "\n  expected: " + line_of(expected) + "\n  actual:   " + line_of(actual) +
         "\n(script/golden --update rewrites it)";
}

Result<CaseFile> Play(const CaseFile& file, const Harness& harness) {
  const std::string family = file.Key("family");
  if (family == "decode") return PlayDecodeCase(file, harness);
  if (family == "plan") return PlayPlanCase(file, harness);
  if (family == "api") return PlayApiCase(file, harness);
  return Bad("unknown family " + family);
}

}  // namespace

std::vector<std::string> CasesOf(std::string_view door) {
  namespace fs = std::filesystem;
  std::vector<std::string> paths;
  std::error_code error;
  const fs::path folder = fs::path(SKEP_SOURCE_DIR) / "tests/golden" / door;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.path().extension() == ".txt") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string TestNameOf(const std::string& path) {
  std::string name;
  for (const char c : std::filesystem::path(path).stem().string())
    name.push_back(
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_');
  return name;
}

std::string RunCase(const std::string& path, const Harness& harness) {
  const auto text = ReadFile(path);
  if (!text) return text.error().message;
  const auto file = ParseCase(*text);
  if (!file) return file.error().message;
  const auto played = Play(*file, harness);
  if (!played) return played.error().message;
  const std::string actual = FormatCase(*played);
  if (actual == *text) return {};
  const char* update = std::getenv("SKEP_GOLDEN_UPDATE");
  if (update == nullptr || std::string_view(update) != "1") return FirstDifference(*text, actual);
  const auto written = WriteFile(path, actual);
  return written ? std::string() : written.error().message;
}

}  // namespace skep::golden
