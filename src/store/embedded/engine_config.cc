// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/engine_config.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>

namespace skep {
namespace {

constexpr uint64_t kMiB = 1u << 20;

struct ServerSetting {
  std::string_view name;
  uint64_t value;
};

// The defaults are for machines with hundreds of cores. Each idle thread costs some 100 kB, and a
// cache that is never full is never trimmed.
constexpr std::array kServerSettings = {
    ServerSetting{"mark_cache_size", 32 * kMiB},
    ServerSetting{"primary_index_cache_size", 32 * kMiB},
    ServerSetting{"index_mark_cache_size", 16 * kMiB},
    ServerSetting{"index_uncompressed_cache_size", 32 * kMiB},
    ServerSetting{"uncompressed_cache_size", 0},
    ServerSetting{"mmap_cache_size", 0},
    ServerSetting{"compiled_expression_cache_size", 4 * kMiB},
    ServerSetting{"query_cache.max_size_in_bytes", 0},
    ServerSetting{"vector_similarity_index_cache_size", 0},
    ServerSetting{"iceberg_metadata_files_cache_size", 0},
    ServerSetting{"background_pool_size", 2},
    ServerSetting{"background_merges_mutations_concurrency_ratio", 1},
    ServerSetting{"background_move_pool_size", 1},
    ServerSetting{"background_fetches_pool_size", 1},
    ServerSetting{"background_common_pool_size", 1},
    ServerSetting{"background_buffer_flush_schedule_pool_size", 1},
    ServerSetting{"background_schedule_pool_size", 2},
    ServerSetting{"background_message_broker_schedule_pool_size", 1},
    ServerSetting{"background_distributed_schedule_pool_size", 1},
    ServerSetting{"max_thread_pool_size", 256},
    ServerSetting{"max_thread_pool_free_size", 4},
    ServerSetting{"max_io_thread_pool_size", 8},
    ServerSetting{"max_io_thread_pool_free_size", 0},
    ServerSetting{"max_active_parts_loading_thread_pool_size", 2},
    ServerSetting{"max_outdated_parts_loading_thread_pool_size", 2},
    ServerSetting{"max_parts_cleaning_thread_pool_size", 2},
    ServerSetting{"max_prefixes_deserialization_thread_pool_size", 4},
    ServerSetting{"max_prefixes_deserialization_thread_pool_free_size", 0},
    ServerSetting{"max_format_parsing_thread_pool_size", 4},
    ServerSetting{"max_format_parsing_thread_pool_free_size", 0},
};

// Of all tables. In one element: the engine reads the first of a name and no other.
constexpr std::array kTableSettings = {
    // Two buffers of this size for each stream of a part that is written, one to three for each
    // attribute: with the default of 1 MiB they were a fifth of what a merge takes.
    ServerSetting{"max_compress_block_size", kMiB / 4},
    // A merged part is on disk before its sources go, which they do within seconds.
    ServerSetting{"min_rows_to_fsync_after_merge", 1},
};

// `a.b` nests.
void AppendSetting(std::string_view name, uint64_t value, std::string* out) {
  const size_t dot = name.find('.');
  const std::string_view head = name.substr(0, dot);
  *out += fmt::format("<{}>", head);
  if (dot == std::string_view::npos)
    *out += fmt::format("{}", value);
  else
    AppendSetting(name.substr(dot + 1), value, out);
  *out += fmt::format("</{}>", head);
}

void AppendSettings(std::span<const ServerSetting> settings, std::string* out) {
  for (const ServerSetting& setting : settings) {
    AppendSetting(setting.name, setting.value, out);
    *out += '\n';
  }
}

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else
      escaped += c;
  }
  return escaped;
}

}  // namespace

std::string EngineConfigXml(const EmbeddedOptions& options, const std::string& users_path) {
  std::string xml = "<clickhouse>\n";
  AppendSettings(kServerSettings, &xml);
  xml += "<merge_tree>\n";
  AppendSettings(kTableSettings, &xml);
  xml += "</merge_tree>\n";
  AppendSetting("max_server_memory_usage", options.memory_bytes_max, &xml);
  xml += fmt::format("\n<users_config>{}</users_config>\n</clickhouse>\n", Escaped(users_path));
  return xml;
}

// A query takes as many threads as there are cores and as many as there is memory for: the default
// of 1 GiB free for each thread would leave one, as our bounds go.
//
// A part has one dictionary of a column's values; what goes over its size is written again for each
// granule and makes reading several times slower. The default of 8192 is less than some users are;
// 65536 are still counted in two bytes.
//
// Without grants for sources (FILE, URL, REMOTE, S3 ...) no SQL can read or write outside the
// store, and without SYSTEM, but for what gives memory back, none can stop the process.
std::string EngineUsersXml() {
  return R"(<clickhouse>
<profiles><default>
<max_threads_min_free_memory_per_thread>67108864</max_threads_min_free_memory_per_thread>
<low_cardinality_max_dictionary_size>65536</low_cardinality_max_dictionary_size>
</default></profiles>
<quotas><default/></quotas>
<users><default>
<password></password>
<networks><ip>::/0</ip></networks>
<profile>default</profile>
<quota>default</quota>
<grants><query>
GRANT SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW,
DROP, TRUNCATE, OPTIMIZE, KILL QUERY, SYSTEM JEMALLOC ON *.*
</query></grants>
</default></users>
</clickhouse>
)";
}

}  // namespace skep
