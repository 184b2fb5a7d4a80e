// SPDX-License-Identifier: Apache-2.0
// CatalogueFill: brings what was stored before there was a catalogue of fields into it, once, by a
// scan in the background; until it is done, every field may have any type. Rows that a crash left
// in the journal of the version before may be counted twice: nothing else relies on counts of that
// time. Owns its thread.
#pragma once

#include <thread>

#include "base/cancel.h"
#include "fields/catalogue.h"
#include "query/reader.h"

namespace skep::fields {

class CatalogueFill {
 public:
  // Both must outlive it.
  CatalogueFill(Catalogue* catalogue, Reader* reader) : catalogue_(catalogue), reader_(reader) {}
  ~CatalogueFill() { Stop(); }

  // Rows received before `before_ns` are not in the catalogue. Returns at once.
  void Start(int64_t before_ns);
  // Gives up what is not done; the next start begins anew.
  void Stop();
  // The same on the caller's thread.
  Status Run(int64_t before_ns, const CancelToken& cancel);

 private:
  Catalogue* catalogue_;
  Reader* reader_;
  CancelToken cancel_;
  std::jthread thread_;
};

}  // namespace skep::fields
