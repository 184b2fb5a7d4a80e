// SPDX-License-Identifier: Apache-2.0
// FieldsObserver: brings what is committed into the catalogue of fields, whichever door it came
// through. Types are known when the request is taken, counts when it is committed. Thread-safe:
// Extract runs on submitting threads, Apply and Settle on the committing one.
#pragma once

#include <memory>

#include "fields/catalogue.h"
#include "ingest/sink.h"

namespace skep::fields {

class FieldsObserver : public CommitObserver {
 public:
  // `catalogue` must outlive it.
  explicit FieldsObserver(Catalogue* catalogue) : catalogue_(catalogue) {}

  std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch,
                                        const RequestInfo& request) override;
  Status Settle() override { return catalogue_->Settle(); }

 private:
  class Effect;

  Catalogue* catalogue_;
};

}  // namespace skep::fields
