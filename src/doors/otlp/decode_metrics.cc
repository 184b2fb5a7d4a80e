// SPDX-License-Identifier: Apache-2.0
// Metric of opentelemetry/proto/metrics/v1 to one record for each data point: the point's
// attributes, and what was measured under names of its own. Exemplars and descriptions are not
// kept.
#include <string>
#include <utility>

#include "doors/otlp/request_decoder.h"

namespace skep::otlp {
namespace {

// Field numbers of Metric.data.
enum class MetricType : uint32_t {
  kNone = 0,
  kGauge = 5,
  kSum = 7,
  kHistogram = 9,
  kExponentialHistogram = 10,
  kSummary = 11
};

constexpr uint32_t kNoRecordedValue = 1;  // DataPointFlags

std::string_view NameOf(MetricType type) {
  switch (type) {
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kSum:
      return "sum";
    case MetricType::kHistogram:
      return "histogram";
    case MetricType::kExponentialHistogram:
      return "exponential_histogram";
    case MetricType::kSummary:
      return "summary";
    case MetricType::kNone:
      break;
  }
  return "";
}

struct MetricFields {
  std::string_view name, unit, data;
  MetricType type = MetricType::kNone;
  uint32_t temporality = 0;
  bool monotonic = false;
};

// Where the fields that all points have stand; the numbers differ for exponential histograms alone.
struct PointLayout {
  uint32_t attributes, start, time, flags;
};
PointLayout LayoutOf(MetricType type) {
  switch (type) {
    case MetricType::kHistogram:
      return {9, 2, 3, 10};
    case MetricType::kExponentialHistogram:
      return {1, 2, 3, 10};
    default:
      return {7, 2, 3, 8};
  }
}

class MetricDecoder : public RequestDecoder {
 public:
  using RequestDecoder::RequestDecoder;

 protected:
  bool DecodeItem(std::string_view item, const ScopeContext& scope) override;

 private:
  bool ReadMetric(std::string_view item, MetricFields* fields);
  bool DecodePoint(std::string_view point, const MetricFields& metric, const ScopeContext& scope);
  bool ReadCommon(std::string_view point, MetricType type, Record* record, bool* has_value);
  bool AddDescription(const MetricFields& metric);
  bool AddMeasured(std::string_view point, MetricType type);
  bool AddNumber(std::string_view point);
  bool AddHistogram(std::string_view point);
  bool AddExponential(std::string_view point);
  bool AddBuckets(std::string_view buckets, std::string_view offset_name,
                  std::string_view counts_name);
  bool AddSummary(std::string_view point);
  bool AddCount(std::string_view name, uint64_t count);
  bool AddJson(std::string_view name, const JsonWriter& writer);
};

bool MetricDecoder::DecodeItem(std::string_view item, const ScopeContext& scope) {
  MetricFields metric;
  if (!ReadMetric(item, &metric)) return false;
  if (metric.type == MetricType::kNone) return true;
  if (metric.name.size() > limits().string_bytes_max)
    return attributes().FailRecord("a value is too long");
  ProtoReader reader(metric.data);
  while (reader.Next()) {
    if (reader.tag() != BytesTag(1)) continue;
    const size_t before = batch().records().size();
    if (DecodePoint(reader.bytes(), metric, scope)) continue;
    if (attributes().problem().whole_request) return false;
    Reject(before);
  }
  return true;
}

bool MetricDecoder::ReadMetric(std::string_view item, MetricFields* fields) {
  ProtoReader reader(item);
  while (reader.Next()) {
    switch (reader.tag()) {
      case BytesTag(1):
        fields->name = reader.bytes();
        break;
      case BytesTag(3):
        fields->unit = reader.bytes();
        break;
      case BytesTag(5):
      case BytesTag(7):
      case BytesTag(9):
      case BytesTag(10):
      case BytesTag(11):
        fields->type = static_cast<MetricType>(reader.field());
        fields->data = reader.bytes();
        break;
      default:
        break;
    }
  }
  if (!reader.ok()) return Malformed();
  ProtoReader data(fields->data);
  while (data.Next()) {
    if (data.tag() == VarintTag(2)) fields->temporality = static_cast<uint32_t>(data.number());
    if (data.tag() == VarintTag(3)) fields->monotonic = data.number() != 0;
  }
  return data.ok() || Malformed();
}

bool MetricDecoder::DecodePoint(std::string_view point, const MetricFields& metric,
                                const ScopeContext& scope) {
  Record* record = BeginRecord(scope);
  if (record == nullptr) return false;
  record->signal = Signal::kMetric;
  record->name = metric.name;
  bool has_value = true;
  if (!ReadCommon(point, metric.type, record, &has_value)) return false;
  if (!AddDescription(metric)) return false;
  if (has_value && !AddMeasured(point, metric.type)) return false;
  if (const auto rate = attributes().sample_rate()) record->sample_rate = *rate;
  batch().EndRecord();
  return true;
}

bool MetricDecoder::ReadCommon(std::string_view point, MetricType type, Record* record,
                               bool* has_value) {
  const PointLayout layout = LayoutOf(type);
  uint64_t time_ns = 0;
  uint64_t start_ns = 0;
  ProtoReader reader(point);
  while (reader.Next()) {
    if (reader.tag() == BytesTag(layout.attributes)) {
      if (!attributes().AddKeyValue(reader.bytes())) return false;
    } else if (reader.tag() == Fixed64Tag(layout.time)) {
      time_ns = reader.number();
    } else if (reader.tag() == Fixed64Tag(layout.start)) {
      start_ns = reader.number();
    } else if (reader.tag() == VarintTag(layout.flags)) {
      *has_value = (reader.number() & kNoRecordedValue) == 0;
    }
  }
  if (!reader.ok()) return Malformed();
  record->time_ns = TimeOr(time_ns, receive_time_ns());
  const int64_t start = TimeOr(start_ns, 0);
  return start == 0 || attributes().AddInt("metric.start_time_ns", start);
}

bool MetricDecoder::AddDescription(const MetricFields& metric) {
  if (!attributes().AddText("metric.type", NameOf(metric.type))) return false;
  if (!metric.unit.empty() && !attributes().AddText("metric.unit", metric.unit)) return false;
  if (metric.type == MetricType::kGauge || metric.type == MetricType::kSummary) return true;
  if (metric.temporality == 1 && !attributes().AddText("metric.temporality", "delta")) return false;
  if (metric.temporality == 2 && !attributes().AddText("metric.temporality", "cumulative"))
    return false;
  return metric.type != MetricType::kSum ||
         attributes().AddBool("metric.monotonic", metric.monotonic);
}

bool MetricDecoder::AddMeasured(std::string_view point, MetricType type) {
  switch (type) {
    case MetricType::kHistogram:
      return AddHistogram(point);
    case MetricType::kExponentialHistogram:
      return AddExponential(point);
    case MetricType::kSummary:
      return AddSummary(point);
    default:
      return AddNumber(point);
  }
}

bool MetricDecoder::AddCount(std::string_view name, uint64_t count) {
  if (count > INT64_MAX) return attributes().AddFloat(name, static_cast<double>(count));
  return attributes().AddInt(name, static_cast<int64_t>(count));
}

bool MetricDecoder::AddJson(std::string_view name, const JsonWriter& writer) {
  return attributes().AddText(name, batch().arena().Copy(writer.text()));
}

bool MetricDecoder::AddNumber(std::string_view point) {
  ProtoReader reader(point);
  uint32_t kind = 0;
  uint64_t number = 0;
  while (reader.Next()) {
    if (reader.tag() != Fixed64Tag(4) && reader.tag() != Fixed64Tag(6)) continue;
    kind = reader.field();
    number = reader.number();
  }
  if (kind == 4) return attributes().AddFloat("value", std::bit_cast<double>(number));
  return kind == 0 || attributes().AddInt("value", static_cast<int64_t>(number));
}

// A repeated fixed64 or double, packed or not, as a JSON array.
template <typename Write>
bool WriteFixed(const ProtoReader& reader, uint32_t field, Write write) {
  if (reader.tag() == Fixed64Tag(field)) {
    write(reader.number());
    return true;
  }
  const std::string_view packed = reader.bytes();
  if (packed.size() % sizeof(uint64_t) != 0) return false;
  for (size_t i = 0; i < packed.size(); i += sizeof(uint64_t)) {
    uint64_t number;
    std::memcpy(&number, packed.data() + i, sizeof(number));
    write(number);
  }
  return true;
}

bool MetricDecoder::AddHistogram(std::string_view point) {
  JsonWriter counts;
  JsonWriter bounds;
  counts.BeginArray();
  bounds.BeginArray();
  ProtoReader reader(point);
  uint64_t count = 0;
  bool fine = true;
  bool any_counts = false;
  while (fine && reader.Next()) {
    switch (reader.tag()) {
      case Fixed64Tag(4):
        count = reader.number();
        break;
      case Fixed64Tag(5):
        fine = attributes().AddFloat("sum", reader.float64());
        break;
      case Fixed64Tag(11):
        fine = attributes().AddFloat("min", reader.float64());
        break;
      case Fixed64Tag(12):
        fine = attributes().AddFloat("max", reader.float64());
        break;
      case Fixed64Tag(6):
      case BytesTag(6):
        any_counts = true;
        fine = WriteFixed(reader, 6, [&](uint64_t n) { counts.UInt(n); }) || Malformed();
        break;
      case Fixed64Tag(7):
      case BytesTag(7):
        fine = WriteFixed(reader, 7, [&](uint64_t n) { bounds.Float(std::bit_cast<double>(n)); }) ||
               Malformed();
        break;
      default:
        break;
    }
  }
  counts.EndArray();
  bounds.EndArray();
  if (!fine || !AddCount("count", count)) return false;
  return !any_counts || (AddJson("metric.bounds", bounds) && AddJson("metric.counts", counts));
}

bool MetricDecoder::AddExponential(std::string_view point) {
  ProtoReader reader(point);
  uint64_t count = 0;
  uint64_t zero_count = 0;
  int64_t scale = 0;
  double zero_threshold = 0;
  bool fine = true;
  while (fine && reader.Next()) {
    switch (reader.tag()) {
      case Fixed64Tag(4):
        count = reader.number();
        break;
      case Fixed64Tag(5):
        fine = attributes().AddFloat("sum", reader.float64());
        break;
      case VarintTag(6):
        scale = static_cast<int32_t>(UnZigzag(static_cast<uint32_t>(reader.number())));
        break;
      case Fixed64Tag(7):
        zero_count = reader.number();
        break;
      case BytesTag(8):
        fine = AddBuckets(reader.bytes(), "metric.positive.offset", "metric.positive.counts");
        break;
      case BytesTag(9):
        fine = AddBuckets(reader.bytes(), "metric.negative.offset", "metric.negative.counts");
        break;
      case Fixed64Tag(12):
        fine = attributes().AddFloat("min", reader.float64());
        break;
      case Fixed64Tag(13):
        fine = attributes().AddFloat("max", reader.float64());
        break;
      case Fixed64Tag(14):
        zero_threshold = reader.float64();
        break;
      default:
        break;
    }
  }
  if (!fine || !AddCount("count", count)) return false;
  if (!attributes().AddInt("metric.scale", scale)) return false;
  if (zero_count != 0 && !AddCount("metric.zero_count", zero_count)) return false;
  return zero_threshold == 0 || attributes().AddFloat("metric.zero_threshold", zero_threshold);
}

bool MetricDecoder::AddBuckets(std::string_view buckets, std::string_view offset_name,
                               std::string_view counts_name) {
  JsonWriter counts;
  counts.BeginArray();
  ProtoReader reader(buckets);
  int64_t offset = 0;
  bool any = false;
  while (reader.Next()) {
    if (reader.tag() == VarintTag(1)) {
      offset = static_cast<int32_t>(UnZigzag(static_cast<uint32_t>(reader.number())));
    } else if (reader.tag() == VarintTag(2)) {
      any = true;
      counts.UInt(reader.number());
    } else if (reader.tag() == BytesTag(2)) {
      ProtoVarints packed(reader.bytes());
      for (; packed.Next(); any = true) counts.UInt(packed.number());
      if (!packed.ok()) return Malformed();
    }
  }
  if (!reader.ok()) return Malformed();
  counts.EndArray();
  return !any || (attributes().AddInt(offset_name, offset) && AddJson(counts_name, counts));
}

bool MetricDecoder::AddSummary(std::string_view point) {
  JsonWriter quantiles;
  quantiles.BeginArray();
  ProtoReader reader(point);
  uint64_t count = 0;
  double sum = 0;
  while (reader.Next()) {
    if (reader.tag() == Fixed64Tag(4)) count = reader.number();
    if (reader.tag() == Fixed64Tag(5)) sum = reader.float64();
    if (reader.tag() != BytesTag(6)) continue;
    ProtoReader pair(reader.bytes());
    double quantile = 0;
    double value = 0;
    while (pair.Next()) {
      if (pair.tag() == Fixed64Tag(1)) quantile = pair.float64();
      if (pair.tag() == Fixed64Tag(2)) value = pair.float64();
    }
    if (!pair.ok()) return Malformed();
    quantiles.BeginObject();
    quantiles.Field("quantile", quantile);
    quantiles.Field("value", value);
    quantiles.EndObject();
  }
  quantiles.EndArray();
  return AddCount("count", count) && attributes().AddFloat("sum", sum) &&
         AddJson("metric.quantiles", quantiles);
}

}  // namespace

std::unique_ptr<RequestDecoder> MakeMetricDecoder(Bytes body, int64_t receive_time_ns,
                                                  const Limits& limits) {
  return std::make_unique<MetricDecoder>(std::move(body), receive_time_ns, limits);
}

}  // namespace skep::otlp
