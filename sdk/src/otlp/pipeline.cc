// SPDX-License-Identifier: Apache-2.0
#include "otlp/pipeline.h"

#include <algorithm>

#include "otlp/answer.h"

namespace skep::sdk::otlp {
namespace {

using std::chrono::milliseconds;

class ChunkSource : public Source {
 public:
  explicit ChunkSource(std::shared_ptr<Chunks> chunks) : chunks_(std::move(chunks)) {}
  std::vector<Batch> Drain() override { return chunks_->Drain(); }

 private:
  std::shared_ptr<Chunks> chunks_;
};

class HttpSender : public Sender {
 public:
  HttpSender(const ExporterOptions& options, std::unique_ptr<HttpClient> client, const Clock& clock)
      : client_(std::move(client)), clock_(clock) {
    request_.url = options.url;
    request_.headers = options.headers;
    request_.headers.emplace_back("content-type", "application/x-protobuf");
    if (options.gzip) request_.headers.emplace_back("content-encoding", "gzip");
  }
  Attempt Send(const Batch& batch, milliseconds timeout) override {
    request_.body = batch.body;
    request_.timeout = timeout;
    return Judge(client_->Do(request_), clock_.UnixNanos());
  }
  void Cancel() override { client_->Cancel(); }

 private:
  const std::unique_ptr<HttpClient> client_;
  const Clock& clock_;
  HttpRequest request_;
};

ChunksOptions ChunksOf(const ExporterOptions& options) {
  ChunksOptions chunks;
  chunks.bytes_max = options.queue_bytes_max;
  chunks.records_max = options.queue_records_max;
  chunks.batch_records_max = options.batch_records_max;
  chunks.gzip = options.gzip;
  return chunks;
}

}  // namespace

Pipeline::Pipeline(std::string name, const ExporterOptions& options,
                   std::unique_ptr<HttpClient> client, bool start_thread)
    : counters_(std::make_shared<ExportCounters>()),
      chunks_(std::make_shared<Chunks>(ChunksOf(options), counters_)) {
  const Clock& clock = options.clock == nullptr ? Clock::System() : *options.clock;
  if (!client)
    client =
        HttpClient::Create({options.ca_file, options.client_cert_file, options.client_key_file});
  DeliveryOptions delivery;
  delivery.name = std::move(name);
  delivery.schedule_delay = options.schedule_delay;
  delivery.timeout = options.timeout;
  delivery.queue_bytes_max = options.queue_bytes_max;
  delivery.start_thread = start_thread;
  delivery_ = std::make_unique<Delivery>(
      std::move(delivery), std::make_unique<ChunkSource>(chunks_),
      std::make_unique<HttpSender>(options, std::move(client), clock), counters_, clock);
  chunks_->SetDelivery(delivery_.get());
}

Pipeline::~Pipeline() { Shutdown(milliseconds(0)); }

bool Pipeline::Flush(milliseconds timeout) {
  if (chunks_->InChild()) return false;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  // A queue that was full takes the rest once there is room.
  while (true) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto left_ms = std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(left));
    if (!delivery_->Flush(left_ms)) return false;
    if (chunks_->Empty()) return true;
  }
}

bool Pipeline::Shutdown(milliseconds timeout) {
  if (chunks_->InChild()) return false;
  chunks_->Close();
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  if (timeout.count() > 0) Flush(timeout);
  const auto left = deadline - std::chrono::steady_clock::now();
  const bool delivered = delivery_->Shutdown(
      std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(left)));
  const bool empty = chunks_->Empty();
  chunks_->Finish();
  return delivered && empty;
}

}  // namespace skep::sdk::otlp
