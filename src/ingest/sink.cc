// SPDX-License-Identifier: Apache-2.0
#include "ingest/sink.h"

#include "ingest/journal_sink.h"

namespace skep {

Result<std::unique_ptr<Sink>> Sink::Create(SinkOptions options, Parts parts) {
  return JournalSink::Create(MakePosixJournalIo(), std::move(options), std::move(parts));
}

}  // namespace skep
