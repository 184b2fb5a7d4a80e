// SPDX-License-Identifier: Apache-2.0
// ItemSender: one attempt to post an item. Batch::target is the crash note that it was made of, to
// be deleted once the receiver has answered for good. Owned by the reporter's Delivery, runs on its
// thread.
#pragma once

#include <memory>
#include <string>

#include "delivery/delivery.h"
#include "delivery/http_client.h"
#include "skep/sdk/rollbar/reporter.h"

namespace skep::sdk::rollbar {

class ItemSender : public Sender {
 public:
  // `clock` must outlive it.
  ItemSender(const ReporterOptions& options, std::unique_ptr<HttpClient> client,
             const Clock& clock);
  Attempt Send(const Batch& batch, std::chrono::milliseconds timeout) override;
  void Cancel() override { client_->Cancel(); }

 private:
  HttpResponse Post(std::string_view body, std::chrono::milliseconds timeout);
  Attempt Judge(const HttpResponse& response) const;

  const std::string url_;
  const std::string access_token_;
  const std::unique_ptr<HttpClient> client_;
  const Clock& clock_;
};

}  // namespace skep::sdk::rollbar
