// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/recorder.h"

#include <errno.h>

#include <cstdlib>

#include "core/fork.h"
#include "core/random_ids.h"
#include "skep/sdk/xray/rule_sampler.h"
#include "xray/daemon_address.h"
#include "xray/enabled.h"
#include "xray/recorder_core.h"
#include "xray/segment_tree.h"
#include "xray/wildcard.h"

#define SKEP_XRAY_STRING(x) #x
#define SKEP_XRAY_TEXT(x) SKEP_XRAY_STRING(x)

namespace skep::sdk::xray {
namespace {

#if defined(__clang__)
constexpr std::string_view kCompiler =
    "clang " SKEP_XRAY_TEXT(__clang_major__) "." SKEP_XRAY_TEXT(__clang_minor__);
#else
constexpr std::string_view kCompiler =
    "gcc " SKEP_XRAY_TEXT(__GNUC__) "." SKEP_XRAY_TEXT(__GNUC_MINOR__);
#endif

constexpr std::string_view kSdkName = "X-Ray for C++ (skep-sdk)";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool Enabled() { return ReadEnabled(Environment("AWS_XRAY_SDK_ENABLED")).value_or(true); }

ContextMissing ContextMissingFrom(ContextMissing configured) {
  const std::string value = Environment("AWS_XRAY_CONTEXT_MISSING");
  if (value == "LOG_ERROR") return ContextMissing::kLogError;
  if (value == "RUNTIME_ERROR") return ContextMissing::kRuntimeError;
  if (value == "IGNORE_ERROR") return ContextMissing::kIgnoreError;
  if (!value.empty()) {
    Diagnose(DiagnosticLevel::kWarn, "xray: AWS_XRAY_CONTEXT_MISSING=" + value +
                                         " is none of LOG_ERROR, " +
                                         "RUNTIME_ERROR, IGNORE_ERROR; it is not used");
  }
  return configured;
}

std::shared_ptr<RecorderCore> MakeCore(RecorderOptions options) {
  WatchForks();
  auto core = std::make_shared<RecorderCore>();
  core->enabled = options.enabled && Enabled();
  const std::string name = Environment("AWS_XRAY_TRACING_NAME");
  core->service = name.empty() ? options.service : name;
  core->dynamic_naming = options.dynamic_naming;
  core->context_missing = ContextMissingFrom(options.context_missing);
  core->context_missing_handler = std::move(options.context_missing_handler);
  core->streaming_threshold = options.streaming_threshold;
  core->stack_frames_max = options.stack_frames_max;
  core->sampling = options.sampling;
  core->clock = options.clock != nullptr ? options.clock : &Clock::System();
  core->origin = options.origin;
  for (const auto& [key, value] : options.aws) PutField(core->aws, key, value.Json());
  PutField(core->aws, "xray",
           Value::Object({{"sdk", kSdkName}, {"sdk_version", SKEP_SDK_VERSION}}).Json());
  if (!options.service_version.empty())
    PutField(core->service_block, "version", Value(options.service_version).Json());
  PutField(core->service_block, "runtime", Value("C++").Json());
  PutField(core->service_block, "runtime_version", Value(kCompiler).Json());
  if (!core->enabled) return core;
  core->emitter = options.emitter;
  if (!core->emitter)
    core->emitter = UdpEmitter(DaemonAddressText(options.daemon_address), *core->clock);
  core->sampler = options.sampler;
  if (core->sampling && !core->sampler) {
    RuleSamplerOptions sampling;
    sampling.daemon_address = options.daemon_address;
    sampling.clock = core->clock;
    core->sampler = std::make_shared<RuleSampler>(std::move(sampling));
  }
  return core;
}

// The `xray` of a segment's `aws` with the rule that sampled it, as aws_xray_sdk writes it.
std::string XrayBlock(std::string_view rule) {
  return Value::Object(
             {{"sdk", kSdkName}, {"sdk_version", SKEP_SDK_VERSION}, {"sampling_rule_name", rule}})
      .Json();
}

struct Choice {
  bool sampled = false;
  std::string rule;
};

// As aws_xray_sdk: the program's word, then the caller's, then the rules'.
Choice Choose(RecorderCore& core, const std::string& name, const TraceHeader& header,
              const SegmentOptions& options) {
  if (options.sampled) return {*options.sampled, {}};
  if (header.decision == TraceHeader::Decision::kSampled) return {true, {}};
  if (header.decision == TraceHeader::Decision::kNotSampled) return {false, {}};
  if (!core.sampling || !core.sampler) return {true, {}};
  SamplingQuery query;
  query.service = name;
  query.service_type = core.origin;
  query.host = options.host;
  query.method = options.method;
  query.url_path = options.url_path;
  SamplingDecision decision = core.sampler->Decide(query);
  return {decision.sampled, std::move(decision.rule)};
}

std::string SegmentName(const RecorderCore& core, std::string_view name, std::string_view host) {
  std::string clean = CleanName(name);
  if (clean.empty() && !host.empty() && !core.dynamic_naming.empty() &&
      WildcardMatch(core.dynamic_naming, host)) {
    clean = CleanName(host);
  }
  if (clean.empty()) clean = CleanName(core.service);
  if (!clean.empty()) return clean;
  Diagnose(DiagnosticLevel::kError, "xray: a segment without a name; set RecorderOptions::service");
  return CleanName("unknown_service:" + std::string(program_invocation_short_name));
}

}  // namespace

void RecorderCore::Send(const Documents& documents) noexcept {
  if (!emitter) return;
  for (const Document& document : documents.list) emitter->Send(document.json, document.records);
  if (documents.rejected > 0) {
    emitter->Counters()->accepted += documents.rejected;
    emitter->Counters()->rejected += documents.rejected;
    Diagnose(DiagnosticLevel::kWarn,
             "xray: a segment or subsegment does not fit into a datagram and is not sent");
  }
  stats.trimmed_documents += documents.trimmed;
}

TraceOrigin TraceOrigin::Header(std::string_view text) {
  TraceOrigin origin;
  origin.header_ = TraceHeader::Parse(text);
  return origin;
}

TraceOrigin TraceOrigin::FromSpan(const Span& span) {
  TraceOrigin origin = SameTrace(span);
  if (origin.header_.root) origin.header_.parent = span.GetContext().span_id;
  return origin;
}

TraceOrigin TraceOrigin::SameTrace(const Span& span) {
  TraceOrigin origin;
  const SpanContext& context = span.GetContext();
  if (!context.IsValid()) return origin;
  origin.header_.root = context.trace_id;
  origin.header_.decision =
      context.sampled ? TraceHeader::Decision::kSampled : TraceHeader::Decision::kNotSampled;
  return origin;
}

Recorder::Recorder(RecorderOptions options) : core_(MakeCore(std::move(options))) {}

Recorder::~Recorder() = default;

Segment Recorder::BeginSegment(std::string_view name, const SegmentOptions& options) {
  if (!core_->enabled) return {};
  const TraceHeader& header = options.trace.header_;
  auto root = std::make_shared<Node>();
  root->is_segment = true;
  root->name = SegmentName(*core_, name, options.host);
  root->id = NewSpanId();
  root->parent_id = header.parent.value_or(SpanId());
  root->start_unix_ns =
      options.start_unix_ns != 0 ? options.start_unix_ns : core_->clock->UnixNanos();
  const Choice choice = Choose(*core_, root->name, header, options);
  root->sampled = choice.sampled;
  if (choice.sampled) {
    root->origin = core_->origin;
    root->aws = core_->aws;
    if (!choice.rule.empty()) PutField(root->aws, "xray", XrayBlock(choice.rule));
    root->service = core_->service_block;
  } else {
    ++core_->stats.not_sampled;
  }
  const TraceId trace_id = header.root ? *header.root : NewTraceId(root->start_unix_ns);
  auto tree = std::make_shared<SegmentTree>(core_, root, trace_id, header);
  Segment segment(std::move(tree), std::move(root));
  if (options.send_in_progress) segment.SendInProgress();
  return segment;
}

Scoped<Segment> Recorder::InSegment(std::string_view name, const SegmentOptions& options) {
  Segment segment = BeginSegment(name, options);
  Context context = With(Context::Current(), segment);
  return {std::move(segment), std::move(context)};
}

Subsegment Recorder::BeginSubsegment(std::string_view name, const SubsegmentOptions& options) {
  return Needed(name).BeginSubsegment(name, options);
}

Scoped<Subsegment> Recorder::InSubsegment(std::string_view name, const SubsegmentOptions& options) {
  Subsegment part = BeginSubsegment(name, options);
  // Where no segment is current, what is begun under this one shall miss it as well.
  Context context = part ? With(Context::Current(), part) : Context::Current();
  return {std::move(part), std::move(context)};
}

Context Recorder::With(const Context& context, const Entity& entity) const {
  return context.With(core_.get(), std::make_shared<const Entity>(entity));
}

Entity Recorder::CurrentEntity() const {
  const std::shared_ptr<const void> entity = Context::Current().Get(core_.get());
  return entity ? *static_cast<const Entity*>(entity.get()) : Entity();
}

Segment Recorder::CurrentSegment() const {
  const Entity entity = CurrentEntity();
  if (!entity) return {};
  return Segment(entity.tree_, entity.tree_->Root());
}

Entity Recorder::Needed(std::string_view what) {
  Entity entity = CurrentEntity();
  if (entity || !core_->enabled) return entity;
  ++core_->stats.context_missing;
  if (core_->context_missing == ContextMissing::kIgnoreError) return entity;
  if (core_->context_missing == ContextMissing::kRuntimeError && core_->context_missing_handler) {
    core_->context_missing_handler(what);
    return entity;
  }
  Diagnose(DiagnosticLevel::kError, "xray: no segment is current for " + std::string(what));
  return entity;
}

void Recorder::PutAnnotation(std::string_view key, const AttributeValue& value) {
  Needed(key).PutAnnotation(key, value);
}

void Recorder::PutMetadata(std::string_view key, const Value& value, std::string_view name_space) {
  Needed(key).PutMetadata(key, value, name_space);
}

std::string Recorder::TraceHeaderText() const { return CurrentEntity().TraceHeaderText(); }

bool Recorder::Flush(std::chrono::milliseconds timeout) {
  return !core_->emitter || core_->emitter->Flush(timeout);
}

const RecorderStats& Recorder::Stats() const { return core_->stats; }

const ExportCounters& Recorder::Counters() const {
  static const ExportCounters none;
  return core_->emitter ? *core_->emitter->Counters() : none;
}

}  // namespace skep::sdk::xray
