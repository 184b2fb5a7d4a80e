// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/otlp_inside.h"

#include <utility>

#include "wire/base64.h"

namespace skep::xray {
namespace {

constexpr std::string_view kPrefix = "T1S";

}  // namespace

bool IsOtlpTraces(std::string_view document) { return document.starts_with(kPrefix); }

Result<Submission> OtlpSubmission(std::string_view document, const DecodeFunction& decode,
                                  int64_t receive_time_ns) {
  document.remove_prefix(kPrefix.size());
  while (document.ends_with('\n') || document.ends_with('\r')) document.remove_suffix(1);
  const auto message = DecodeBase64(document);
  if (!message) return Error(Code::kInvalidArgument, "the document is no base64");
  Submission submission;
  submission.door = Door::kOtlp;
  submission.format = WireFormat::kOtlpTracesProto;
  submission.receive_time_ns = receive_time_ns;
  submission.dedup = DedupKeyOf(submission.project, submission.format, *message);
  SKEP_ASSIGN(submission.batch,
              decode(Bytes(*message), {.receive_time_ns = receive_time_ns, .context = {}}));
  return submission;
}

}  // namespace skep::xray
