// SPDX-License-Identifier: Apache-2.0
// ChdbApi: the C functions of libchdb that Skep calls, found with dlopen, so that a node without
// the embedded engine does not need the library. The package has no header: the declarations here
// are ours, of what version 26.7 exports. Immutable once loaded; the functions are thread-safe as
// long as each connection is used by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace skep {

struct ChdbConnection;  // the library's own
struct ChdbResult;
struct ChdbInsert;

// What a text of SQL would do; filled in by classify_query_n.
struct ChdbQueryAnalysis {
  uint32_t struct_size = sizeof(ChdbQueryAnalysis);  // set by the caller
  uint32_t statement_count = 0;
  uint32_t flags = 0;
  uint32_t query_class = 0;
};
inline constexpr uint32_t kChdbReadOnlyQuery = 0;
inline constexpr uint32_t kChdbUnknownQuery = 4;  // not parsed

struct ChdbApi {
  ChdbConnection** (*connect)(int argc, char** argv);
  void (*close_conn)(ChdbConnection** connection);
  void (*set_signal_handlers_enabled)(int enabled);

  ChdbResult* (*query_with_params_n)(ChdbConnection* connection, const char* sql, size_t sql_size,
                                     const char* format, size_t format_size,
                                     const char* const* names, const size_t* name_sizes,
                                     const char* const* values, const size_t* value_sizes,
                                     size_t count);
  const char* (*result_error)(ChdbResult* result);  // null: none
  char* (*result_buffer)(ChdbResult* result);
  size_t (*result_length)(ChdbResult* result);
  uint64_t (*result_storage_rows_read)(ChdbResult* result);
  uint64_t (*result_rows_written)(ChdbResult* result);
  uint64_t (*result_storage_bytes_read)(ChdbResult* result);
  void (*destroy_query_result)(ChdbResult* result);

  // Parses and runs nothing. 0: done.
  int (*classify_query_n)(ChdbConnection* connection, const char* sql, size_t sql_size,
                          const char* database, size_t database_size, ChdbQueryAnalysis* analysis);

  // The statement without data or FORMAT. Never null; the connection takes nothing else meanwhile.
  ChdbInsert* (*stream_insert_n)(ChdbConnection* connection, const char* sql, size_t sql_size,
                                 const char* format, size_t format_size);
  int (*stream_append)(ChdbInsert* stream, const void* data, size_t size);  // 0: taken
  ChdbResult* (*stream_done)(ChdbInsert* stream);
  const char* (*stream_insert_error)(ChdbInsert* stream);  // null: none
  void (*destroy_insert_stream)(ChdbInsert* stream);

  // From `path`; if that is empty, from $SKEP_CHDB_LIB, from beside the executable, or from where
  // the system looks for libraries. Stays loaded for the life of the process.
  static Result<const ChdbApi*> Load(const std::string& path);
};

}  // namespace skep
