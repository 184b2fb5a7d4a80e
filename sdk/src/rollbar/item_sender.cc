// SPDX-License-Identifier: Apache-2.0
#include "rollbar/item_sender.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "core/json_value.h"
#include "rollbar/item_json.h"

namespace skep::sdk::rollbar {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Result = Attempt::Result;

constexpr seconds kSlowly{60};                 // for what only a person can mend
constexpr size_t kSmallItemBytes = 64 * 1024;  // for a receiver that takes less than Rollbar does

std::string ItemUrl(std::string endpoint) {
  while (endpoint.ends_with('/')) endpoint.pop_back();
  // The other libraries of Rollbar take the item's URL here.
  if (endpoint.ends_with("/item")) return endpoint + "/";
  return endpoint + "/item/";
}

// How long Rollbar's limit lasts (X-Rate-Limit-Remaining-Seconds), no longer than an hour.
std::optional<milliseconds> LimitLasts(const HttpResponse& response) {
  const std::string_view text = response.Header("x-rate-limit-remaining-seconds");
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count < 0) return std::nullopt;
  return seconds(std::clamp<int64_t>(count, 1, 3600));
}

// {"err":1,"message":"..."}
std::string MessageOf(const HttpResponse& response) {
  const std::optional<JsonValue> json = JsonValue::Parse(response.body);
  return json ? std::string(json->TextOf("message").substr(0, 512)) : "";
}

}  // namespace

ItemSender::ItemSender(const ReporterOptions& options, std::unique_ptr<HttpClient> client,
                       const Clock& clock)
    : url_(ItemUrl(options.endpoint)),
      access_token_(options.access_token),
      client_(std::move(client)),
      clock_(clock) {}

Attempt ItemSender::Send(const Batch& batch, milliseconds timeout) {
  HttpResponse response = Post(batch.body, timeout);
  if (response.status == 413 && batch.body.size() > kSmallItemBytes) {
    response = Post(Truncated(batch.body, kSmallItemBytes), timeout);
  }
  Attempt attempt = Judge(response);
  if (attempt.result != Result::kRetry && !batch.target.empty()) unlink(batch.target.c_str());
  return attempt;
}

HttpResponse ItemSender::Post(std::string_view body, milliseconds timeout) {
  HttpRequest request;
  request.url = url_;
  request.headers = {{"Content-Type", "application/json"},
                     {"X-Rollbar-Access-Token", access_token_}};
  request.body = body;
  request.timeout = timeout;
  return client_->Do(request);
}

Attempt ItemSender::Judge(const HttpResponse& response) const {
  if (response.status == 200) return {.result = Result::kDelivered};
  Attempt attempt{.result = Result::kRetry};
  attempt.reason = response.status == 0
                       ? response.error
                       : std::to_string(response.status) + " " + MessageOf(response);
  switch (response.status) {
    case 429:
      attempt.retry_after = LimitLasts(response);
      if (!attempt.retry_after) attempt.retry_after = RetryAfter(response, clock_.UnixNanos());
      break;
    case 401:
    case 403:
      attempt.retry_after = kSlowly;
      attempt.reason = "the access token was refused, trying again every minute: " + attempt.reason;
      break;
    case 404:
    case 405:
      attempt.retry_after = kSlowly;
      attempt.reason = url_ + " is not there, trying again every minute";
      break;
    default: {
      const bool passing = response.status == 0 || response.status == 408 || response.status >= 500;
      if (passing) {
        attempt.retry_after = RetryAfter(response, clock_.UnixNanos());
      } else {
        attempt.result = Result::kRejected;
      }
    }
  }
  return attempt;
}

}  // namespace skep::sdk::rollbar
