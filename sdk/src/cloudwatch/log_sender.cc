// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/log_sender.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "cloudwatch/credentials.h"
#include "cloudwatch/sigv4.h"
#include "core/json_text.h"
#include "logs/uuid.h"

namespace skep::sdk::cloudwatch {
namespace {

using std::chrono::milliseconds;
using Result = Attempt::Result;

constexpr std::chrono::seconds kSlowly{60};   // for what only a person can mend
constexpr int64_t kSkewAllowedSeconds = 240;  // AWS allows 300

std::string EndpointUrl(const LogExporterOptions& options) {
  std::string url = options.endpoint;
  if (url.empty()) {
    url = "https://logs." + options.region + ".amazonaws.com";
    if (options.region.starts_with("cn-")) url += ".cn";
  }
  while (url.ends_with('/')) url.pop_back();
  return url + "/";
}

std::string HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  // libcurl leaves a scheme's own port out of the header Host.
  for (const std::string_view port : {":443", ":80"}) {
    if (url.ends_with(port)) url.remove_suffix(port.size());
  }
  return std::string(url);
}

// The options' copies share a chain, which cannot be asked any more once one of them cancelled it.
LogExporterOptions WithOwnChain(LogExporterOptions options) {
  if (options.credentials_provider.target<ChainProvider>() != nullptr) {
    options.credentials_provider = ChainProvider::FromEnvironment(options.endpoint);
  }
  return options;
}

template <size_t N>
bool OneOf(std::string_view code, const std::array<std::string_view, N>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool IsAboutCredentials(int status, std::string_view code) {
  static constexpr std::array<std::string_view, 11> kCodes{"UnrecognizedClientException",
                                                           "InvalidSignatureException",
                                                           "IncompleteSignatureException",
                                                           "MissingAuthenticationTokenException",
                                                           "ExpiredTokenException",
                                                           "ExpiredToken",
                                                           "AccessDeniedException",
                                                           "AccessDenied",
                                                           "InvalidClientTokenId",
                                                           "SignatureDoesNotMatch",
                                                           "OptInRequired"};
  return OneOf(code, kCodes) || status == 401 || status == 403;
}

bool IsPassing(int status, std::string_view code) {
  static constexpr std::array<std::string_view, 9> kCodes{
      "ThrottlingException",      "Throttling",
      "ThrottledException",       "RequestLimitExceeded",
      "TooManyRequestsException", "ServiceUnavailableException",
      "ServiceUnavailable",       "InternalFailure",
      "OperationAbortedException"};
  return status == 0 || status == 408 || status == 429 || status >= 500 || OneOf(code, kCodes);
}

}  // namespace

LogSender::LogSender(const LogExporterOptions& options, std::unique_ptr<HttpClient> client,
                     const Clock& clock)
    : options_(WithOwnChain(options)),
      url_(EndpointUrl(options)),
      host_(HostOf(url_)),
      client_(std::move(client)),
      clock_(clock) {}

Attempt LogSender::Send(const Batch& batch, milliseconds timeout) {
  if (invocation_id_.empty()) invocation_id_ = NewUuid();
  Attempt attempt = Put(batch, timeout);
  if (attempt.result != Result::kRetry) invocation_id_.clear();
  return attempt;
}

void LogSender::Cancel() {
  client_->Cancel();
  if (const auto* own = options_.credentials_provider.target<ChainProvider>()) own->chain->Cancel();
}

Attempt LogSender::Put(const Batch& batch, milliseconds timeout) {
  std::string reason;
  for (int step = 0; step < 4; ++step) {
    const HttpResponse response = Call("PutLogEvents", PutBody(batch), timeout);
    if (response.status == 200) {
      const PutAnswer answer = ReadPutAnswer(response.body);
      sequence_token_ = answer.next_token;
      Attempt attempt{.result = Result::kDelivered};
      attempt.rejected_records = RejectedEvents(answer, batch.records);
      if (attempt.rejected_records > 0)
        attempt.reason = "too old, too new or past the group's retention";
      return attempt;
    }
    const AwsError error = ReadError(response.Header("x-amzn-errortype"), response.body);
    reason = error.code + ": " + error.message;
    if (error.code == "DataAlreadyAcceptedException") {  // the answer to an earlier try was lost
      sequence_token_ = error.expected_token;
      return {.result = Result::kDelivered};
    }
    if (error.code == "InvalidSequenceTokenException") {
      sequence_token_ = error.expected_token;
    } else if (error.code == "ResourceNotFoundException" && options_.create) {
      if (auto failed = Create(timeout)) return *failed;
      sequence_token_.clear();
    } else if (!LearnClock(response, error)) {
      return Judge(response, error);
    }
  }
  return {.result = Result::kRetry, .reason = reason};
}

HttpResponse LogSender::Call(std::string_view operation, std::string_view body,
                             milliseconds timeout) {
  const Credentials credentials =
      options_.credentials_provider ? options_.credentials_provider() : options_.credentials;
  if (credentials.access_key_id.empty() && IsAws(options_.endpoint)) {
    HttpResponse none;
    none.error = "there are no AWS credentials";
    return none;
  }
  SigningScope scope{options_.region, "logs", clock_.UnixNanos() / 1'000'000'000 + skew_seconds_};
  RequestToSign to_sign;
  to_sign.headers = {{"content-type", "application/x-amz-json-1.1"},
                     {"host", host_},
                     {"x-amz-date", AmzDate(scope.unix_seconds)},
                     {"x-amz-target", "Logs_20140328." + std::string(operation)}};
  if (!credentials.session_token.empty()) {
    to_sign.headers.emplace_back("x-amz-security-token", credentials.session_token);
  }
  to_sign.body = body;

  HttpRequest request;
  request.url = url_;
  request.headers = to_sign.headers;
  request.headers.emplace_back("amz-sdk-invocation-id", invocation_id_);
  request.headers.emplace_back("authorization", Authorization(to_sign, credentials, scope));
  request.body = body;
  request.timeout = timeout;
  return client_->Do(request);
}

std::optional<Attempt> LogSender::Create(milliseconds timeout) {
  for (int step = 0; step < 2; ++step) {
    const HttpResponse response = Call("CreateLogStream", Names(true) + "}", timeout);
    if (response.status == 200) return std::nullopt;
    const AwsError error = ReadError(response.Header("x-amzn-errortype"), response.body);
    if (error.code == "ResourceAlreadyExistsException") return std::nullopt;
    if (error.code != "ResourceNotFoundException" || step > 0) return Judge(response, error);
    if (auto failed = CreateGroup(timeout)) return failed;
  }
  return std::nullopt;
}

std::optional<Attempt> LogSender::CreateGroup(milliseconds timeout) {
  const HttpResponse response = Call("CreateLogGroup", Names(false) + "}", timeout);
  if (response.status != 200) {
    const AwsError error = ReadError(response.Header("x-amzn-errortype"), response.body);
    // Aborted: another process creates it at this moment.
    const bool there =
        error.code == "ResourceAlreadyExistsException" || error.code == "OperationAbortedException";
    return there ? std::nullopt : std::optional(Judge(response, error));
  }
  if (options_.retention_days > 0) {
    const HttpResponse set =
        Call("PutRetentionPolicy",
             Names(false) + ",\"retentionInDays\":" + std::to_string(options_.retention_days) + "}",
             timeout);
    if (set.status != 200) {
      const AwsError error = ReadError(set.Header("x-amzn-errortype"), set.body);
      Diagnose(DiagnosticLevel::kWarn, "cloudwatch: group " + options_.group +
                                           " keeps its events for ever: PutRetentionPolicy: " +
                                           error.code + ": " + error.message);
    }
  }
  return std::nullopt;
}

Attempt LogSender::Judge(const HttpResponse& response, const AwsError& error) const {
  Attempt attempt{.result = Result::kRetry};
  attempt.reason = response.status == 0
                       ? response.error
                       : std::to_string(response.status) + " " + error.code + ": " + error.message;
  if (IsPassing(response.status, error.code)) {
    attempt.retry_after = RetryAfter(response, clock_.UnixNanos());
  } else if (IsAboutCredentials(response.status, error.code)) {
    attempt.retry_after = kSlowly;
    attempt.reason = "credentials refused, trying again every minute: " + attempt.reason;
  } else if (error.code == "ResourceNotFoundException" || error.code == "LimitExceededException") {
    attempt.retry_after = kSlowly;  // somebody has to create the group, or to make room for it
  } else if (error.code.empty()) {
    attempt.retry_after = kSlowly;
    attempt.reason =
        url_ + " answers " + std::to_string(response.status) + ", but not as CloudWatch Logs";
  } else {
    attempt.result = Result::kRejected;
  }
  return attempt;
}

// A signature is refused when the clocks differ by more than five minutes; the answer's Date says
// by how much, as AWS's own clients take it. True if that is new.
bool LogSender::LearnClock(const HttpResponse& response, const AwsError& error) {
  const bool about_time = error.code == "InvalidSignatureException" ||
                          error.code == "SignatureDoesNotMatch" ||
                          error.code == "RequestTimeTooSkewed" || error.code == "RequestExpired";
  const std::string date(response.Header("date"));
  if (!about_time || date.empty()) return false;
  const time_t theirs = curl_getdate(date.c_str(), nullptr);
  if (theirs < 0) return false;
  const int64_t skew = theirs - clock_.UnixNanos() / 1'000'000'000;
  if (std::abs(skew - skew_seconds_) < kSkewAllowedSeconds) return false;
  skew_seconds_ = skew;
  return true;
}

std::string LogSender::Names(bool with_stream) const {
  std::string body = "{\"logGroupName\":";
  AppendJsonString(body, options_.group);
  if (with_stream) {
    body += ",\"logStreamName\":";
    AppendJsonString(body, options_.stream);
  }
  return body;
}

std::string LogSender::PutBody(const Batch& batch) const {
  std::string body = Names(true);
  if (!sequence_token_.empty()) {
    body += ",\"sequenceToken\":";
    AppendJsonString(body, sequence_token_);
  }
  body.reserve(body.size() + batch.body.size() + 16);
  body += ",\"logEvents\":";
  body += batch.body;
  body += '}';
  return body;
}

}  // namespace skep::sdk::cloudwatch
