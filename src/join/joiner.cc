// SPDX-License-Identifier: Apache-2.0
#include "join/joiner.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include "base/guarded.h"
#include "base/log.h"
#include "join/join_record.h"
#include "join/reload.h"

namespace skep::join {
namespace {

constexpr int64_t kAnswerWaitMs = 10'000;
constexpr size_t kWaitingJoinsMax = 200'000;
// Requests may have been decoded before their project's second door was heard, and stored after.
constexpr int64_t kReloadAgainNs = 3 * kNsPerS;
constexpr size_t kProjectsMax = 10'000;

}  // namespace

// What the sink has not stored yet.
struct Joiner::Answers {
  struct State {
    size_t on_the_way = 0;
    std::deque<std::pair<std::string, std::vector<Join>>> refused;
    size_t refused_joins = 0;
  };
  Guarded<State> state;
  std::condition_variable changed;
};

Joiner::Joiner(JoinerOptions options, JoinObserver* observer, Sink* sink, Reader* reader)
    : options_(std::move(options)),
      observer_(observer),
      sink_(sink),
      reader_(reader),
      answers_(std::make_shared<Answers>()) {}

Joiner::~Joiner() { Stop(); }

void Joiner::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void Joiner::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  observer_->Close();
  thread_.join();
}

void Joiner::Run(const std::stop_token& stop) {
  Reload();
  while (!stop.stop_requested()) Turn(options_.turn_ms);
  Turn(0);
  WaitForAnswers();
}

void Joiner::Turn(int64_t wait_ms) {
  std::vector<Delivery> deliveries = observer_->Take(wait_ms);
  const int64_t now_ns = options_.clock();
  for (Delivery& delivery : deliveries) {
    Project* project = ProjectOf(delivery.project);
    if (project == nullptr) continue;
    if (delivery.wake) project->reload_at_ns = {now_ns, now_ns + kReloadAgainNs};
    if (delivery.gap_ns != 0) project->window.AddGap(delivery.gap_ns);
    project->window.Add(std::move(delivery.candidates));
  }
  SubmitAgain();
  for (auto& [name, project] : projects_) {
    while (!project.reload_at_ns.empty() && project.reload_at_ns.front() <= now_ns) {
      project.reload_at_ns.erase(project.reload_at_ns.begin());
      ReloadProject(name, now_ns, &project);
    }
    Submit(name, project.window.Decide(now_ns));
  }
}

Joiner::Project* Joiner::ProjectOf(const std::string& name) {
  const auto found = projects_.find(name);
  if (found != projects_.end()) return &found->second;
  if (projects_.size() >= kProjectsMax) return nullptr;
  return &projects_.try_emplace(name, options_.window).first->second;
}

void Joiner::Reload() {
  const auto newest = NewestByProject(reader_);
  if (!newest) {
    LogError("join", newest.error());
    return;
  }
  for (const auto& [name, newest_ns] : *newest)
    if (Project* project = ProjectOf(name)) ReloadProject(name, newest_ns, project);
}

void Joiner::ReloadProject(const std::string& name, int64_t newest_ns, Project* project) {
  auto reloaded = ReloadCandidates(reader_, name, newest_ns - options_.window.retention_ns);
  const int64_t now_ns = options_.clock();
  if (!reloaded) {
    LogError("join", reloaded.error());
    project->window.AddGap(now_ns);
    return;
  }
  for (const auto& [guest, event_id] : reloaded->joined)
    project->window.AlreadyJoined(guest, event_id, now_ns);
  // While no server ran, nothing could arrive: that time does not count.
  project->window.Add(std::move(reloaded->candidates), now_ns - newest_ns);
}

void Joiner::Submit(const std::string& project, std::vector<Join> joins) {
  for (size_t begin = 0; begin < joins.size(); begin += kJoinsPerBodyMax) {
    const size_t end = std::min(joins.size(), begin + kJoinsPerBodyMax);
    SubmitOne(project, {std::make_move_iterator(joins.begin() + static_cast<ptrdiff_t>(begin)),
                        std::make_move_iterator(joins.begin() + static_cast<ptrdiff_t>(end))});
  }
}

void Joiner::SubmitOne(const std::string& project, std::vector<Join> joins) {
  Submission submission;
  submission.door = Door::kSkep;
  submission.format = WireFormat::kJoins;
  submission.project = project;
  submission.receive_time_ns = options_.clock();
  auto batch = DecodeJoins(EncodeJoins(joins), {submission.receive_time_ns, {}});
  if (!batch) {
    LogError("join", batch.error());
    return;
  }
  submission.batch = std::move(*batch);
  answers_->state.With([](Answers::State& state) { ++state.on_the_way; });
  auto kept =
      std::make_shared<std::vector<Join>>(std::move(joins));  // shared: functions are copied
  sink_->Submit(std::move(submission), [answers = answers_, project, kept](const Status& status) {
    const bool dropped = answers->state.With([&](Answers::State& state) {
      --state.on_the_way;
      if (status) return false;
      if (state.refused_joins + kept->size() > kWaitingJoinsMax) return true;
      state.refused_joins += kept->size();
      state.refused.emplace_back(project, std::move(*kept));
      return false;
    });
    answers->changed.notify_all();
    if (dropped)
      Log(LogLevel::kError, "join", "the store takes no joins: lost={} {}", kept->size(),
          status.error().message);
  });
}

void Joiner::SubmitAgain() {
  auto refused = answers_->state.With([](Answers::State& state) {
    state.refused_joins = 0;
    return std::exchange(state.refused, {});
  });
  for (auto& [project, joins] : refused) Submit(project, std::move(joins));
}

void Joiner::WaitForAnswers() {
  const size_t left = answers_->state.WithLock([&](Answers::State& state, auto& lock) {
    answers_->changed.wait_for(lock, std::chrono::milliseconds(kAnswerWaitMs),
                               [&] { return state.on_the_way == 0; });
    return state.on_the_way + state.refused.size();
  });
  if (left != 0)
    Log(LogLevel::kWarn, "join", "stopped with joins that are not stored; made again at the start");
}

}  // namespace skep::join
