// SPDX-License-Identifier: Apache-2.0
#include "otlp/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skep::sdk::otlp {
namespace {

using Result = Attempt::Result;
using testing::HasSubstr;

HttpResponse Response(int status, std::string body = "",
                      std::string type = "application/x-protobuf") {
  HttpResponse response;
  response.status = status;
  response.headers = {{"content-type", std::move(type)}};
  response.body = std::move(body);
  return response;
}

TEST(Answer, OfSuccess) {
  const Attempt attempt = Judge(Response(200), 0);
  EXPECT_EQ(attempt.result, Result::kDelivered);
  EXPECT_EQ(attempt.rejected_records, 0u);
  EXPECT_EQ(attempt.reason, "");
  EXPECT_EQ(Judge(Response(202, "{}", "application/json"), 0).result, Result::kDelivered);
}

TEST(Answer, OfPartialSuccess) {
  // partial_success {rejected_spans: 300, error_message: "too old"}
  const Attempt attempt =
      Judge(Response(200, std::string("\x0A\x0C\x08\xAC\x02\x12\x07too old")), 0);
  EXPECT_EQ(attempt.result, Result::kDelivered);
  EXPECT_EQ(attempt.rejected_records, 300u);
  EXPECT_EQ(attempt.reason, "too old");
  // Nothing rejected, but a warning.
  const Attempt warning = Judge(Response(200, std::string("\x0A\x04\x12\x02hm")), 0);
  EXPECT_EQ(warning.rejected_records, 0u);
  EXPECT_EQ(warning.reason, "hm");
  // A count that cannot be.
  EXPECT_EQ(
      Judge(Response(200, std::string("\x0A\x0B\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01")), 0)
          .rejected_records,
      0u);
}

TEST(Answer, WithUnknownFieldsOrNonsense) {
  EXPECT_EQ(DecodeResponse(std::string("\x12\x01x\x18\x05\x25\x01\x02\x03\x04\x0A\x02\x08\x07"))
                ->rejected,
            7);
  for (const std::string bytes : {"\x0A", "\x0A\x05\x08", "\x0A\x02\x08\x80",
                                  "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "\x0B"}) {
    EXPECT_FALSE(DecodeResponse(bytes).has_value()) << testing::PrintToString(bytes);
    EXPECT_EQ(Judge(Response(200, bytes), 0).result, Result::kDelivered);
  }
}

TEST(Answer, ToTryAgain) {
  for (const int status : {429, 502, 503, 504}) {
    HttpResponse response = Response(status);
    EXPECT_EQ(Judge(response, 0).result, Result::kRetry) << status;
    EXPECT_EQ(Judge(response, 0).retry_after, std::nullopt);
    response.headers.emplace_back("retry-after", "7");
    EXPECT_EQ(Judge(response, 0).retry_after, std::chrono::seconds(7));
  }
  HttpResponse none;
  none.error = "connection refused";
  EXPECT_EQ(Judge(none, 0).result, Result::kRetry);
  EXPECT_EQ(Judge(none, 0).reason, "connection refused");
}

TEST(Answer, OfRefusal) {
  for (const int status : {301, 302, 400, 401, 403, 404, 408, 413, 415, 500, 501, 505}) {
    EXPECT_EQ(Judge(Response(status), 0).result, Result::kRejected) << status;
  }
  // google.rpc.Status {code: 3, message: "bad span"}
  EXPECT_EQ(Judge(Response(400, std::string("\x08\x03\x12\x08"
                                            "bad span")),
                  0)
                .reason,
            "HTTP 400: bad span");
  EXPECT_EQ(Judge(Response(401, "no\nkey\x01", "text/plain"), 0).reason, "HTTP 401: no key ");
  EXPECT_LT(Judge(Response(500, std::string(100'000, 'x'), "text/html"), 0).reason.size(), 400u);
}

}  // namespace
}  // namespace skep::sdk::otlp
