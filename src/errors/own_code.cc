// SPDX-License-Identifier: Apache-2.0
#include "errors/own_code.h"

#include <algorithm>
#include <array>

namespace skep {
namespace {

bool StartsWithOneOf(std::string_view text, const auto& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

bool IsSeparator(char c) { return c == '/' || c == '\\'; }

// Folders that package managers and languages install into.
constexpr std::array<std::string_view, 9> kLibraryFolders = {
    "site-packages", "dist-packages", "node_modules", "gems", "vendor",
    "rustc",         ".cargo",        ".pub-cache",   ".m2"};
struct NestedFolder {
  std::string_view outer;
  std::string_view inner;
};
constexpr std::array<NestedFolder, 4> kNestedFolders = {
    {{"lib", "ruby"}, {"pkg", "mod"}, {"go", "src"}, {"usr", "lib"}}};

bool IsNested(std::string_view outer, std::string_view inner) {
  if (outer.starts_with("lib") && inner.starts_with("python")) return true;  // lib64/python3.11
  return std::any_of(kNestedFolders.begin(), kNestedFolders.end(),
                     [&](const NestedFolder& f) { return f.outer == outer && f.inner == inner; });
}

// File names of runtimes, as their SDKs write them.
constexpr std::array<std::string_view, 9> kRuntimeFiles = {
    "node:",    "<frozen ", "<string>",          "<internal:",   "[native",
    "webpack/", "vendor/",  "internal/modules/", "node_modules/"};

// Packages of Go's own library; Go names files by package.
constexpr std::array<std::string_view, 24> kGoPackages = {
    "runtime/", "reflect/", "net/",   "testing/", "database/", "encoding/", "errors/", "fmt/",
    "io/",      "log/",     "os/",    "sync/",    "syscall/",  "time/",     "text/",   "html/",
    "crypto/",  "bufio/",   "bytes/", "context/", "strings/",  "strconv/",  "sort/",   "internal/"};

constexpr std::array<std::string_view, 12> kRuntimeClasses = {
    "java.",       "javax.",   "jdk.",
    "sun.",        "com.sun.", "kotlin.",
    "scala.",      "jakarta.", "org.springframework.",
    "org.apache.", "System.",  "Microsoft."};

// Whether some folder on the way to the file is a library's. One pass over its parts.
bool IsInLibrary(std::string_view filename) {
  std::string_view before;
  for (size_t begin = 0; begin < filename.size();) {
    size_t end = begin;
    while (end < filename.size() && !IsSeparator(filename[end])) ++end;
    const std::string_view part = filename.substr(begin, end - begin);
    if (begin != 0 && end < filename.size()) {
      if (IsNested(before, part)) return true;
      if (std::find(kLibraryFolders.begin(), kLibraryFolders.end(), part) != kLibraryFolders.end())
        return true;
    }
    before = part;
    begin = end + 1;
  }
  return false;
}

// Go writes a dependency as `github.com/owner/name@v1.4.5/file.go`.
bool IsGoModule(std::string_view filename) {
  const size_t at = filename.find("@v");
  return at != std::string_view::npos && filename.find('/', at) != std::string_view::npos;
}

bool IsGoLibrary(std::string_view filename) {
  return (filename.ends_with(".go") || filename.ends_with(".s")) &&
         StartsWithOneOf(filename, kGoPackages);
}

}  // namespace

bool IsBelowRoot(std::string_view filename, std::string_view source_root) {
  if (source_root.empty() || !filename.starts_with(source_root)) return false;
  return IsSeparator(source_root.back()) || filename.size() == source_root.size() ||
         IsSeparator(filename[source_root.size()]);
}

bool IsOwnCode(const ErrorFrame& frame, std::string_view source_root) {
  std::string_view filename = frame.filename;
  // A root inside a library folder (a program installed as a package) is still the program's own.
  if (source_root.size() > 1 && IsBelowRoot(filename, source_root)) {
    filename.remove_prefix(source_root.size() - (IsSeparator(source_root.back()) ? 1 : 0));
  } else if (StartsWithOneOf(filename, kRuntimeFiles) || IsGoLibrary(filename)) {
    return false;
  }
  return !IsInLibrary(filename) && !IsGoModule(filename) &&
         !StartsWithOneOf(frame.class_name, kRuntimeClasses);
}

}  // namespace skep
