// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/chdb_api.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "store/embedded/sanitizer_symbols.h"

namespace skep {
namespace {

constexpr const char* kLibraryName = "libchdb.so";

std::string LibraryPath(const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  if (const char* path = std::getenv("SKEP_CHDB_LIB"); path != nullptr && *path != '\0')
    return path;
  std::error_code failed;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const auto beside = executable.parent_path() / kLibraryName;
    if (std::filesystem::exists(beside, failed)) return beside;
  }
  return kLibraryName;
}

// Fills in one function; remembers the first name that is missing.
class Symbols {
 public:
  explicit Symbols(void* library) : library_(library) {}
  template <typename F>
  void Find(const char* name, F** function) {
    void* symbol = ::dlsym(library_, name);
    if (symbol == nullptr && missing_.empty()) missing_ = name;
    *function = reinterpret_cast<F*>(symbol);
  }
  const std::string& missing() const { return missing_; }

 private:
  void* library_;
  std::string missing_;
};

Result<const ChdbApi*> LoadOnce(const std::string& path) {
  ExpectEngineBesideSanitizer();
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return Error(Code::kFailedPrecondition, "the engine's library cannot be loaded: " + path,
                 ::dlerror());
  static ChdbApi api;
  Symbols symbols(library);
  symbols.Find("chdb_connect", &api.connect);
  symbols.Find("chdb_close_conn", &api.close_conn);
  symbols.Find("chdb_set_signal_handlers_enabled", &api.set_signal_handlers_enabled);
  symbols.Find("chdb_query_with_params_n", &api.query_with_params_n);
  symbols.Find("chdb_result_error", &api.result_error);
  symbols.Find("chdb_result_buffer", &api.result_buffer);
  symbols.Find("chdb_result_length", &api.result_length);
  symbols.Find("chdb_result_storage_rows_read", &api.result_storage_rows_read);
  symbols.Find("chdb_result_storage_bytes_read", &api.result_storage_bytes_read);
  symbols.Find("chdb_result_rows_written", &api.result_rows_written);
  symbols.Find("chdb_classify_query_n", &api.classify_query_n);
  symbols.Find("chdb_destroy_query_result", &api.destroy_query_result);
  symbols.Find("chdb_stream_insert_n", &api.stream_insert_n);
  symbols.Find("chdb_stream_append", &api.stream_append);
  symbols.Find("chdb_stream_done", &api.stream_done);
  symbols.Find("chdb_stream_insert_error", &api.stream_insert_error);
  symbols.Find("chdb_destroy_insert_stream", &api.destroy_insert_stream);
  if (!symbols.missing().empty())
    return Error(Code::kFailedPrecondition, "the engine's library is too old: " + path,
                 "no " + symbols.missing());
  // Ours decide what a crash does; and sanitizers want theirs.
  api.set_signal_handlers_enabled(0);
  return &api;
}

}  // namespace

Result<const ChdbApi*> ChdbApi::Load(const std::string& path) {
  // A process has one engine, so it has one library: the first that could be loaded.
  static const Result<const ChdbApi*> loaded = LoadOnce(LibraryPath(path));
  return loaded;
}

}  // namespace skep
