// SPDX-License-Identifier: Apache-2.0
// LogSender: one attempt to put a batch: PutLogEvents, and what has to be done first when the
// receiver says so: create group and stream, use another sequence token, reckon with another clock.
// Owned by the exporter's Delivery, runs on its thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cloudwatch/answers.h"
#include "delivery/delivery.h"
#include "delivery/http_client.h"
#include "skep/sdk/cloudwatch/log_exporter.h"

namespace skep::sdk::cloudwatch {

class LogSender : public Sender {
 public:
  // `clock` must outlive it.
  LogSender(const LogExporterOptions& options, std::unique_ptr<HttpClient> client,
            const Clock& clock);
  Attempt Send(const Batch& batch, std::chrono::milliseconds timeout) override;
  void Cancel() override;

 private:
  Attempt Put(const Batch& batch, std::chrono::milliseconds timeout);
  HttpResponse Call(std::string_view operation, std::string_view body,
                    std::chrono::milliseconds timeout);
  // Nothing if group and stream are there now.
  std::optional<Attempt> Create(std::chrono::milliseconds timeout);
  std::optional<Attempt> CreateGroup(std::chrono::milliseconds timeout);
  Attempt Judge(const HttpResponse& response, const AwsError& error) const;
  bool LearnClock(const HttpResponse& response, const AwsError& error);
  std::string PutBody(const Batch& batch) const;
  std::string Names(bool with_stream) const;

  const LogExporterOptions options_;
  const std::string url_;
  const std::string host_;
  const std::unique_ptr<HttpClient> client_;
  const Clock& clock_;
  std::string invocation_id_;   // of the batch that is under way
  std::string sequence_token_;  // of emulators that want one
  int64_t skew_seconds_ = 0;    // of the receiver's clock against ours
};

}  // namespace skep::sdk::cloudwatch
