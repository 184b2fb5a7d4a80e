// SPDX-License-Identifier: Apache-2.0
// AcceptedRequest: one submission on its way through the sink: first it waits for the journal, then
// for its block. Owned by whoever holds it then.
#pragma once

#include <cstddef>
#include <memory>

#include "ingest/journal.h"
#include "ingest/open_block.h"

namespace skep {

class AcceptedRequest final : public JournalItem {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnJournalled(std::unique_ptr<AcceptedRequest> request, const Status& status) = 0;
  };

  explicit AcceptedRequest(Owner* owner) : owner_(owner) {}
  void OnWritten(std::unique_ptr<JournalItem> self, const Status& status) override {
    std::unique_ptr<AcceptedRequest> request(static_cast<AcceptedRequest*>(self.release()));
    owner_->OnJournalled(std::move(request), status);
  }

  RequestInfo Info() const {
    return {submission.project, submission.door, sequence, submission.receive_time_ns};
  }

  Submission submission;
  Effects effects;
  AckFunction ack;
  size_t charge = 0;  // of the PendingBudget

 private:
  Owner* owner_;
};

}  // namespace skep
