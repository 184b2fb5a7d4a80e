// SPDX-License-Identifier: Apache-2.0
// link: ingest
#include "ingest/dedup_sidecar.h"
#include "ingest/journal_segment.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = [](const skep::EntryView& entry) {
    if (entry.kind == skep::EntryKind::kRequest && entry.body_bytes < (64u << 20))
      (void)skep::UnpackBody(entry).has_value();
  };
  if (const auto entry = skep::DecodeEntry(bytes)) read(*entry);
  const auto scan =
      skep::ScanSegment(bytes, [&](size_t, const skep::EntryView& entry) { read(entry); });
  if (scan.good_end > size) __builtin_trap();
  (void)skep::DecodeSidecar(bytes).has_value();
  return 0;
}
