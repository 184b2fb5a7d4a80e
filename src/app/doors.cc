// SPDX-License-Identifier: Apache-2.0
#include "app/doors.h"

#include "doors/cloudwatch/door.h"
#include "doors/honeycomb/api.h"
#include "doors/honeycomb/door.h"
#include "doors/otlp/door.h"
#include "doors/rollbar/door.h"
#include "doors/xray/door.h"

namespace skep::app {
namespace {

void Append(std::vector<std::pair<WireFormat, DecodeFunction>> more,
            std::vector<std::pair<WireFormat, DecodeFunction>>* formats) {
  for (auto& format : more) formats->push_back(std::move(format));
}

DecodeFunction DecoderOf(WireFormat wanted) {
  for (auto& [format, decode] : otlp::Formats())
    if (format == wanted) return decode;
  return nullptr;
}

// AWS's OpenTelemetry distribution sends OTLP inside X-Ray's protocol.
xray::DoorOptions XRayOptions() {
  xray::DoorOptions options;
  options.otlp_traces = DecoderOf(WireFormat::kOtlpTracesProto);
  return options;
}

// Honeycomb's users send OTLP with one of its keys.
otlp::DoorOptions OtlpOptions(const DoorParts& parts) {
  otlp::DoorOptions options;
  options.check_key = [keys = parts.honeycomb_keys](const std::string& project,
                                                    std::string_view key) -> Status {
    SKEP_ASSIGN(const honeycomb::WriteAccess access, keys->AccessOf(project, key));
    return honeycomb::CheckSends(access);
  };
  options.check_datasets = [keys = parts.honeycomb_keys, datasets = parts.honeycomb_datasets](
                               const std::string& project, std::string_view key,
                               const RecordBatch& batch) -> Status {
    SKEP_ASSIGN(const honeycomb::WriteAccess access, keys->AccessOf(project, key));
    if (access.create_datasets) return {};
    std::string_view last;
    for (const Record& record : batch.records()) {
      if (record.dataset == last) continue;
      last = record.dataset;
      SKEP_ASSIGN(const bool exists, datasets->Exists(project, last));
      if (!exists) return Error(Code::kNotFound, "Dataset not found");
    }
    return {};
  };
  return options;
}

// AWS drops what is older than two weeks; Skep keeps it.
cloudwatch::DoorOptions CloudWatchOptions() {
  cloudwatch::DoorOptions options;
  options.too_old_days = 0;
  return options;
}

}  // namespace

std::vector<std::pair<WireFormat, DecodeFunction>> DoorFormats() {
  std::vector<std::pair<WireFormat, DecodeFunction>> formats;
  Append(otlp::Formats(), &formats);
  Append(xray::Formats(), &formats);
  Append(cloudwatch::Formats(), &formats);
  Append(rollbar::Formats(), &formats);
  Append(honeycomb::Formats(), &formats);
  return formats;
}

void RegisterDoors(const DoorRouters& routers, const DoorParts& parts) {
  for (net::Router* router : {routers.everything, routers.otlp})
    otlp::Register(*router, *parts.sink, *parts.counters, OtlpOptions(parts));
  xray::Register(*routers.everything, *parts.sink, *parts.counters, XRayOptions());
  xray::Register(*routers.xray, *parts.sink, *parts.counters, XRayOptions());
  cloudwatch::Register(*routers.everything, {parts.sink, parts.counters, parts.log_groups,
                                             parts.reader, CloudWatchOptions()});
  rollbar::Register(*routers.everything, *parts.sink, *parts.counters);
  honeycomb::Register(*routers.everything,
                      {parts.sink, parts.counters, parts.honeycomb_datasets, parts.honeycomb_keys});
  honeycomb::RegisterApi(
      *routers.everything,
      {parts.counters, parts.documents, parts.honeycomb_datasets, parts.honeycomb_keys,
       parts.field_catalogue, parts.query_runs, parts.field_types, parts.dependency_runs});
}

net::DatagramHandler XRayDatagrams(const DoorParts& parts) {
  return xray::MakeDatagramHandler(*parts.sink, *parts.counters, XRayOptions());
}

}  // namespace skep::app
