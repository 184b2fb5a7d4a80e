// SPDX-License-Identifier: Apache-2.0
#include "store/cluster/cluster_store.h"

#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <random>
#include <utility>

#include "base/clock.h"
#include "store/cluster/http_client.h"
#include "store/engine_error.h"
#include "store/query_watch.h"
#include "store/schema.h"
#include "store/sql_store.h"

namespace skep {
namespace {

constexpr int64_t kAnswerGraceMs = 500;  // for the server's own "took too long" to arrive
constexpr int64_t kWatchMs = 2'000;      // for what is asked about queries
constexpr size_t kUrlBytesMax = 512u << 10;

// A number of X-ClickHouse-Summary, which is JSON with numbers as text: {"read_rows":"1",...}.
uint64_t SummaryNumber(std::string_view summary, std::string_view name) {
  const std::string mark = fmt::format("\"{}\":\"", name);
  const size_t at = summary.find(mark);
  uint64_t value = 0;
  if (at == std::string_view::npos) return value;
  const char* begin = summary.data() + at + mark.size();
  std::from_chars(begin, summary.data() + summary.size(), value);
  return value;
}

EngineAnswer AnswerOf(HttpReply reply) {
  EngineAnswer answer;
  answer.rows_read = SummaryNumber(reply.summary, "read_rows");
  answer.bytes_read = SummaryNumber(reply.summary, "read_bytes");
  answer.rows_written = SummaryNumber(reply.summary, "written_rows");
  answer.elapsed_ns = static_cast<int64_t>(SummaryNumber(reply.summary, "elapsed_ns"));
  answer.data = std::move(reply.body);
  return answer;
}

// No two stores, of this process or others, have the same.
std::string DrawName() {
  std::random_device device;
  return fmt::format("skep-{:08x}{:08x}", device(), device());
}

size_t SizeOf(const HttpCall::Pairs& pairs) {
  size_t size = 0;
  for (const auto& [name, value] : pairs) size += name.size() + 3 * value.size();
  return size;
}

class ClusterStore final : public SqlStore {
 public:
  explicit ClusterStore(const ClusterOptions& options)
      : options_(options),
        client_({options.url, options.user, options.password, options.connect_timeout_ms}),
        name_(DrawName()),
        watch_([this](std::string_view sql, const BoundValues& values, std::string_view format) {
          return AskOfQueries(sql, values, format);
        }) {}

  Status Insert(const NativeBlock& block, std::string_view token) override;

 protected:
  Result<EngineAnswer> Run(const std::string& sql, const BoundValues& values,
                           const QueryOptions& options, const CancelToken& cancel) override;
  Status CreateDatabase() override;

 private:
  Result<EngineAnswer> AskOfQueries(std::string_view sql, const BoundValues& values,
                                    std::string_view format);

  const ClusterOptions options_;
  HttpClient client_;
  const std::string name_;
  std::atomic<uint64_t> asked_{0};
  QueryWatch watch_;
};

Result<EngineAnswer> ClusterStore::AskOfQueries(std::string_view sql, const BoundValues& values,
                                                std::string_view format) {
  HttpCall call;
  call.query = {{"default_format", std::string(format)}, {"wait_end_of_query", "1"}};
  for (const auto& [name, value] : values) call.query.emplace_back("param_" + name, value);
  call.body = sql;
  call.deadline_ms = kWatchMs;
  SKEP_ASSIGN(HttpReply reply, client_.Post(call, CancelToken()));
  if (reply.status == 200 && reply.exception_code.empty()) return AnswerOf(std::move(reply));
  return QueryError(reply.body.view());
}

Result<EngineAnswer> ClusterStore::Run(const std::string& sql, const BoundValues& values,
                                       const QueryOptions& options, const CancelToken& cancel) {
  const std::string mark = fmt::format("{}-{};", name_, ++asked_);
  HttpCall call;
  call.query = {
      {"database", options_.database},
      {"log_comment", mark},
      {"default_format", "Native"},
      {"wait_end_of_query", "1"},
      {"cancel_http_readonly_queries_on_client_close", "1"},
      {"output_format_native_write_json_as_string", "1"},
      {"output_format_native_use_flattened_dynamic_and_json_serialization", "1"},
      {"output_format_json_escape_forward_slashes", "0"},
      {"output_format_json_quote_64bit_integers", "0"},
      {"output_format_json_quote_denormals", "1"},
      {"max_execution_time", fmt::format("{}", static_cast<double>(options.deadline_ms) / 1000)},
      {"max_result_rows", fmt::format("{}", options.rows_max)},
      {"max_result_bytes", fmt::format("{}", options.memory_bytes_max)},
      {"max_memory_usage", fmt::format("{}", options.memory_bytes_max)},
      {"max_bytes_before_external_group_by", fmt::format("{}", options.group_bytes_max)},
  };
  for (const auto& [name, value] : values) call.query.emplace_back("param_" + name, value);
  if (SizeOf(call.query) > kUrlBytesMax)
    return Error(Code::kInvalidArgument, "the query has too many values");
  call.body = sql;
  call.deadline_ms = options.deadline_ms + kAnswerGraceMs;
  call.reply_bytes_max = options.memory_bytes_max;
  Result<HttpReply> posted;
  // The server ends a query whose time is up by itself; the watch does it where that does not help.
  const int64_t deadline_ns = MonotonicNs() + call.deadline_ms * kNsPerMs;
  watch_.Watch(mark, cancel, deadline_ns, options.progress,
               [&] { posted = client_.Post(call, cancel); });
  SKEP_ASSIGN(HttpReply reply, std::move(posted));
  if (reply.status == 200 && reply.exception_code.empty()) return AnswerOf(std::move(reply));
  return QueryError(reply.body.view());
}

Status ClusterStore::CreateDatabase() {
  HttpCall call;
  const std::string sql = "CREATE DATABASE IF NOT EXISTS " + options_.database;
  call.body = sql;
  SKEP_ASSIGN(const HttpReply reply, client_.Post(call, CancelToken()));
  if (reply.status != 200) return QueryError(reply.body.view());
  return {};
}

Status ClusterStore::Insert(const NativeBlock& block, std::string_view token) {
  HttpCall call;
  call.query = {
      {"query", fmt::format("INSERT INTO {} ({}) FORMAT Native", kEventsTable, EventsColumnList())},
      {"database", options_.database},
      {"wait_end_of_query", "1"},
      {"min_insert_block_size_rows", "0"},
      {"min_insert_block_size_bytes", "0"},
      {"insert_deduplication_token", std::string(token)},
  };
  call.body = block.data.view();
  call.deadline_ms = options_.insert_timeout_ms;
  SKEP_ASSIGN(const HttpReply reply, client_.Post(call, CancelToken()));
  if (reply.status != 200 || !reply.exception_code.empty()) return InsertError(reply.body.view());
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> OpenClusterStore(const ClusterOptions& options) {
  if (!options.url.starts_with("http://") && !options.url.starts_with("https://"))
    return Error(Code::kInvalidArgument, "not an address of a ClickHouse server: " + options.url);
  return std::unique_ptr<Store>(std::make_unique<ClusterStore>(options));
}

}  // namespace skep
