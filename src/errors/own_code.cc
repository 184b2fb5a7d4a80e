// SPDX-License-Identifier: Apache-2.0
#include "errors/own_code.h"

#include <algorithm>
#include <array>

namespace skep {
namespace {

// Folders that package managers and languages install into.
constexpr std::array<std::string_view, 13> kLibraryFolders = {
    "/site-packages/", "/dist-packages/", "/node_modules/", "/gems/",     "/vendor/bundle/",
    "/vendor/",        "/lib/python",     "/lib64/python",  "/lib/ruby/", "/pkg/mod/",
    "/go/src/",        "/usr/lib/",       "/rustc/"};

// File names of runtimes, as their SDKs write them.
constexpr std::array<std::string_view, 12> kRuntimeFiles = {
    "node:",    "internal/", "runtime/", "reflect/",      "net/http/", "testing/",
    "<frozen ", "<string>",  "[native",  "node_modules/", "vendor/",   "webpack/"};

constexpr std::array<std::string_view, 12> kRuntimeClasses = {
    "java.",       "javax.",   "jdk.",
    "sun.",        "com.sun.", "kotlin.",
    "scala.",      "jakarta.", "org.springframework.",
    "org.apache.", "System.",  "Microsoft."};

bool StartsWithOneOf(std::string_view text, const auto& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// Go writes a dependency as `github.com/owner/name@v1.4.5/file.go`.
bool IsGoModule(std::string_view filename) {
  const size_t at = filename.find("@v");
  return at != std::string_view::npos && filename.find('/', at) != std::string_view::npos;
}

}  // namespace

bool IsOwnCode(const ErrorFrame& frame, std::string_view source_root) {
  std::string_view filename = frame.filename;
  // A root inside a library folder (a program installed as a package) is still the program's own.
  if (source_root.size() > 1 && filename.starts_with(source_root))
    filename.remove_prefix(source_root.size());
  else if (StartsWithOneOf(filename, kRuntimeFiles))
    return false;
  const auto inside = [&](std::string_view folder) {
    return filename.find(folder) != std::string_view::npos;
  };
  if (std::any_of(kLibraryFolders.begin(), kLibraryFolders.end(), inside)) return false;
  return !IsGoModule(filename) && !StartsWithOneOf(frame.class_name, kRuntimeClasses);
}

}  // namespace skep
