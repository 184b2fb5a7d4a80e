// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/connection.h"

#include <utility>

#include "base/clock.h"
#include "store/engine_error.h"

namespace skep {
namespace {

constexpr size_t kPieceBytes = 1u << 20;
constexpr std::string_view kNative = "Native";

struct ResultDeleter {
  const ChdbApi* api;
  void operator()(ChdbResult* result) const { api->destroy_query_result(result); }
};
using ResultPtr = std::unique_ptr<ChdbResult, ResultDeleter>;

// Names or values as the library takes them: pointers and lengths side by side.
struct Texts {
  std::vector<const char*> data;
  std::vector<size_t> sizes;
  void Add(const std::string& text) {
    data.push_back(text.data());
    sizes.push_back(text.size());
  }
};

}  // namespace

Result<std::unique_ptr<EngineConnection>> EngineConnection::Open(
    const ChdbApi& api, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "skep");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  ChdbConnection** connection = api.connect(static_cast<int>(argv.size()), argv.data());
  if (connection == nullptr)
    return Error(Code::kFailedPrecondition, "the engine does not start: see its log");
  return std::unique_ptr<EngineConnection>(new EngineConnection(api, connection));
}

EngineConnection::~EngineConnection() { api_.close_conn(connection_); }

Result<EngineAnswer> EngineConnection::Run(std::string_view sql, const BoundValues& values,
                                           std::string_view format) {
  Texts names;
  Texts bound;
  for (const auto& [name, value] : values) {
    names.Add(name);
    bound.Add(value);
  }
  const int64_t begin_ns = MonotonicNs();
  const ResultPtr result(
      api_.query_with_params_n(*connection_, sql.data(), sql.size(), format.data(), format.size(),
                               names.data.data(), names.sizes.data(), bound.data.data(),
                               bound.sizes.data(), values.size()),
      ResultDeleter{&api_});
  const int64_t elapsed_ns = MonotonicNs() - begin_ns;
  if (result == nullptr) return Error(Code::kInternal, "the engine failed", "no result");
  if (const char* error = api_.result_error(result.get())) return QueryError(error);
  EngineAnswer answer;
  if (const size_t size = api_.result_length(result.get()); size != 0)
    answer.data.Append({api_.result_buffer(result.get()), size});
  answer.rows_read = api_.result_storage_rows_read(result.get());
  answer.bytes_read = api_.result_storage_bytes_read(result.get());
  answer.rows_written = api_.result_rows_written(result.get());
  answer.elapsed_ns = elapsed_ns;  // its own figure lacks the writing of the answer
  return answer;
}

Status EngineConnection::Set(const std::string& settings) {
  if (settings == settings_) return {};
  settings_.clear();
  SKEP_ASSIGN(const EngineAnswer ignored, Run("SET " + settings, {}, kNative));
  settings_ = settings;
  return {};
}

// The engine's error; empty if there was none.
std::string EngineConnection::FeedInsert(ChdbInsert* stream, std::string_view data,
                                         uint64_t* rows) {
  const auto error = [&] {
    const char* text = api_.stream_insert_error(stream);
    return text == nullptr ? std::string() : std::string(text);
  };
  if (std::string failed = error(); !failed.empty()) return failed;
  while (!data.empty()) {
    const std::string_view piece = data.substr(0, kPieceBytes);
    // What is wrong is said at the end.
    if (api_.stream_append(stream, piece.data(), piece.size()) != 0) break;
    data.remove_prefix(piece.size());
  }
  const ResultPtr result(api_.stream_done(stream), ResultDeleter{&api_});
  if (result != nullptr)
    if (const char* text = api_.result_error(result.get())) return text;
  if (std::string failed = error(); !failed.empty()) return failed;
  if (result == nullptr || !data.empty()) return "the insert was not taken";
  *rows = api_.result_rows_written(result.get());
  return {};
}

Result<uint64_t> EngineConnection::Insert(std::string_view sql, std::string_view data,
                                          std::string_view format) {
  ChdbInsert* stream =
      api_.stream_insert_n(*connection_, sql.data(), sql.size(), format.data(), format.size());
  if (stream == nullptr) return Error(Code::kUnavailable, "the block could not be stored");
  uint64_t rows = 0;
  const std::string failed = FeedInsert(stream, data, &rows);
  api_.destroy_insert_stream(stream);
  if (!failed.empty()) return InsertError(failed);
  return rows;
}

ChdbQueryAnalysis EngineConnection::Classify(std::string_view sql) {
  ChdbQueryAnalysis analysis;
  if (api_.classify_query_n(*connection_, sql.data(), sql.size(), nullptr, 0, &analysis) != 0)
    analysis.query_class = kChdbUnknownQuery;
  return analysis;
}

}  // namespace skep
