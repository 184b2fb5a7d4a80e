// SPDX-License-Identifier: Apache-2.0
#include "net/worker_lane.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"
#include "net/refusal.h"

namespace skep::net {
namespace {

// The body as the handler will see it.
Status Expand(Job* job) {
  if (job->compression == Compression::kNone || job->request.body.empty()) return {};
  const size_t body_max = job->route->body_bytes_max;
  const size_t budget_left = job->charge->left();
  auto expanded =
      Decompress(job->compression, job->request.body.view(), std::min(body_max, budget_left));
  if (!expanded) {
    const bool for_want_of_memory =
        expanded.error().code == Code::kOutOfRange && budget_left < body_max;
    if (for_want_of_memory) return Error(Code::kResourceExhausted, "the server is busy");
    return expanded.error();
  }
  if (!job->charge->TryTake(expanded->size()))
    return Error(Code::kResourceExhausted, "the server is busy");
  job->request.body = std::move(*expanded);
  return {};
}

void Run(Job job) {
  if (const Status status = Expand(&job); !status) {
    job.responder.Send(Refuse(job.route, &job.request, status.error()));
    return;
  }
  try {
    job.route->handler(std::move(job.request), std::move(job.responder));
  } catch (const std::exception& thrown) {  // out of memory; the responder has answered 500 for it
    Log(LogLevel::kError, "net", "a handler threw: {}", thrown.what());
  }
}

}  // namespace

WorkerLane::WorkerLane(int workers, size_t requests_max, size_t bytes_max)
    : requests_max_(requests_max), bytes_max_(bytes_max) {
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerLane::~WorkerLane() { Stop(); }

bool WorkerLane::TryPush(Job&& job) {
  const size_t bytes = job.request.body.size();
  {
    std::lock_guard lock(mutex_);
    const bool full =
        jobs_.size() >= requests_max_ || (!jobs_.empty() && bytes_ + bytes > bytes_max_);
    if (stopped_ || full) return false;
    bytes_ += bytes;
    jobs_.push_back(std::move(job));
  }
  ready_.notify_one();
  return true;
}

std::optional<Job> WorkerLane::Pop() {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [&] { return stopped_ || !jobs_.empty(); });
  if (stopped_) return std::nullopt;
  std::optional<Job> job(std::move(jobs_.front()));
  jobs_.pop_front();
  bytes_ -= job->request.body.size();
  return job;
}

void WorkerLane::Work() {
  while (std::optional<Job> job = Pop()) Run(std::move(*job));
}

void WorkerLane::Stop() {
  std::deque<Job> dropped;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(jobs_);
  }
  ready_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
  for (Job& job : dropped)
    job.responder.Send(
        Refuse(job.route, &job.request, {Code::kUnavailable, "the server is stopping"}));
}

}  // namespace skep::net
