// SPDX-License-Identifier: Apache-2.0
#include "store/block_builder.h"

#include <tuple>
#include <utility>
#include <vector>

#include "base/check.h"
#include "store/dictionary_column.h"
#include "store/json_column.h"
#include "store/native_writer.h"
#include "store/schema.h"

namespace skep {
namespace {

// A block is cut when its attributes would mostly say what is absent: an insert may hold several
// blocks one behind the other. The engine takes 30 ns and 13 bytes of memory for each row of each
// path, and 50 to 150 ns for paths beyond those that the table keeps apart. Where a block is cut
// depends on its records alone, so that the same requests make the same blocks again.
constexpr size_t kCellsMax = 12u << 20;  // paths times rows
constexpr size_t kPathsMax = 2048;

// Numbers of a fixed width, one behind the other as on the wire.
template <typename T>
class FixedColumn {
 public:
  void Append(const T& value) { data_.AppendRaw(value); }
  void Encode(Bytes* out) const { out->Append(data_.view()); }
  size_t bytes() const { return data_.size(); }
  void Clear() { data_.Clear(); }

 private:
  Bytes data_;
};

class StringColumn {
 public:
  void Append(std::string_view text) { native::AppendText(text, &data_); }
  void Encode(Bytes* out) const { out->Append(data_.view()); }
  size_t bytes() const { return data_.size(); }
  void Clear() { data_.Clear(); }

 private:
  Bytes data_;
};

// The columns but for the attributes; a member each, in the order of EventsColumns().
struct FixedColumns {
  FixedColumn<int64_t> time;
  FixedColumn<uint64_t> duration_ns;
  DictionaryColumn project;
  FixedColumn<int8_t> signal;
  FixedColumn<int8_t> door;
  FixedColumn<int8_t> kind;
  FixedColumn<int8_t> status;
  FixedColumn<uint8_t> severity;
  DictionaryColumn dataset;
  DictionaryColumn name;
  FixedColumn<TraceId> trace_id;
  FixedColumn<SpanId> span_id;
  FixedColumn<SpanId> parent_id;
  StringColumn body;
  StringColumn raw;
  FixedColumn<double> sample_rate;
  FixedColumn<uint64_t> item;
  FixedColumn<uint64_t> event_id;
  FixedColumn<int64_t> ingest_time;

  template <typename F>
  void ForEach(F&& f) {
    std::apply([&](auto&... column) { (f(column), ...); },
               std::tie(time, duration_ns, project, signal, door, kind, status, severity, dataset,
                        name, trace_id, span_id, parent_id, body, raw, sample_rate, item, event_id,
                        ingest_time));
  }

  void Append(const Record& record, const RequestInfo& request, size_t number) {
    time.Append(record.time_ns);
    duration_ns.Append(record.duration_ns);
    project.Append(request.project);
    signal.Append(static_cast<int8_t>(record.signal));
    door.Append(static_cast<int8_t>(request.door));
    kind.Append(static_cast<int8_t>(record.kind));
    status.Append(static_cast<int8_t>(record.status));
    severity.Append(record.severity);
    dataset.Append(record.dataset);
    name.Append(record.name);
    trace_id.Append(record.trace_id);
    span_id.Append(record.span_id);
    parent_id.Append(record.parent_id);
    body.Append(record.body);
    raw.Append(record.raw);
    sample_rate.Append(record.sample_rate);
    item.Append(record.item);
    // A span has an id of its own; a line's span_id is that of the span it was written in.
    const bool is_span = record.signal == Signal::kSpan || record.signal == Signal::kOpenSpan ||
                         record.signal == Signal::kRepeat;
    const bool has_id = is_span && !record.span_id.empty();
    event_id.Append(has_id ? 0 : EventId(request.sequence, number));
    ingest_time.Append(request.ingest_time_ns);
  }
};

}  // namespace

struct BlockBuilder::Impl {
  FixedColumns columns;
  JsonColumn attributes;
  size_t rows = 0;   // of the block at hand
  NativeBlock done;  // blocks before it, encoded

  // By KeyId of the batch at hand.
  std::vector<JsonColumn::Path*> paths;

  void Append(const RecordBatch& batch, const Record& record, const RequestInfo& request,
              size_t number);
  void AppendAttributes(const RecordBatch& batch, uint32_t begin, uint32_t end);
  bool IsFull() const {
    return attributes.paths() * rows > kCellsMax || attributes.paths() > kPathsMax;
  }
  void FinishBlock();
};

void BlockBuilder::Impl::AppendAttributes(const RecordBatch& batch, uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i < end; ++i) {
    const Attribute& attribute = batch.attributes()[i];
    JsonColumn::Path*& path = paths[attribute.key];
    if (path == nullptr) path = attributes.Find(batch.keys()[attribute.key]);
    // Own attributes come first and hide shared ones of the same name.
    if (!path->HasRow(rows)) path->Append(rows, attribute.value);
  }
}

void BlockBuilder::Impl::Append(const RecordBatch& batch, const Record& record,
                                const RequestInfo& request, size_t number) {
  columns.Append(record, request, number);
  AppendAttributes(batch, record.own_begin, record.own_end);
  AppendAttributes(batch, record.shared_begin, record.shared_end);
  ++rows;
}

void BlockBuilder::Impl::FinishBlock() {
  if (rows == 0) return;
  const auto schema = EventsColumns();
  Bytes* out = &done.data;
  native::AppendVarint(schema.size(), out);
  native::AppendVarint(rows, out);
  size_t number = 0;
  columns.ForEach([&](auto& column) {
    native::AppendColumnHead(schema[number].name, schema[number].type, out);
    column.Encode(out);
    column.Clear();
    ++number;
  });
  SKEP_CHECK(number + 1 == schema.size());
  native::AppendColumnHead(schema[number].name, schema[number].type, out);
  attributes.Encode(rows, out);
  attributes.Clear();
  done.rows += rows;
  rows = 0;
}

BlockBuilder::BlockBuilder() : impl_(std::make_unique<Impl>()) {}
BlockBuilder::~BlockBuilder() = default;

void BlockBuilder::Append(const RecordBatch& batch, const RequestInfo& request) {
  Impl& impl = *impl_;
  impl.paths.assign(batch.keys().size(), nullptr);
  size_t number = 0;
  for (const Record& record : batch.records()) {
    if (impl.IsFull()) {
      impl.FinishBlock();
      impl.paths.assign(batch.keys().size(), nullptr);
    }
    impl.Append(batch, record, request, number++);
  }
}

size_t BlockBuilder::rows() const { return impl_->done.rows + impl_->rows; }

size_t BlockBuilder::bytes() const {
  size_t bytes = impl_->done.data.size() + impl_->attributes.EncodedBytes(impl_->rows);
  impl_->columns.ForEach([&](const auto& column) { bytes += column.bytes(); });
  return bytes;
}

NativeBlock BlockBuilder::Encode() {
  impl_->done.data.Reserve(bytes() + 4096);
  impl_->FinishBlock();
  return std::exchange(impl_->done, {});
}

}  // namespace skep
