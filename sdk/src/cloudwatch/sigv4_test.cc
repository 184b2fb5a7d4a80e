// SPDX-License-Identifier: Apache-2.0
// AWS's published examples: the Signature Version 4 test suite (aws-sig-v4-test-suite, cases by
// their names there) and the example of "Create a signed AWS API request".
#include "cloudwatch/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skep::sdk::cloudwatch {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr int64_t kSuiteTime = 1440938160;  // 20150830T123600Z

struct SuiteCase {
  const char* name;
  const char* method;
  const char* path;
  Pairs query;
  Pairs headers;  // besides Host and X-Amz-Date
  const char* body;
  const char* signed_headers;
  const char* signature;
};

const SuiteCase kSuite[] = {
    {"get-vanilla",
     "GET",
     "/",
     {},
     {},
     "",
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"post-vanilla",
     "POST",
     "/",
     {},
     {},
     "",
     "host;x-amz-date",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/",
     {{"Param2", "value2"}, {"Param1", "value1"}},
     {},
     "",
     "host;x-amz-date",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/",
     {{"-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}},
     {},
     "",
     "host;x-amz-date",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-utf8-query",
     "GET",
     "/",
     {{"\xE1\x88\xB4", "bar"}},
     {},
     "",
     "host;x-amz-date",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-utf8",
     "GET",
     "/\xE1\x88\xB4",
     {},
     {},
     "",
     "host;x-amz-date",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     {},
     "",
     "host;x-amz-date",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-header-value-trim",
     "GET",
     "/",
     {},
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "",
     "host;my-header1;my-header2;x-amz-date",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-header-key-sort",
     "POST",
     "/",
     {},
     {{"My-Header1", "value1"}},
     "",
     "host;my-header1;x-amz-date",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case",
     "POST",
     "/",
     {},
     {{"My-Header1", "VALUE1"}},
     "",
     "host;my-header1;x-amz-date",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     {},
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     "Param1=value1",
     "content-type;host;x-amz-date",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
};

TEST(SigV4Test, TheTestSuitesSignatures) {
  const Credentials credentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
  const SigningScope scope{"us-east-1", "service", kSuiteTime};
  for (const SuiteCase& c : kSuite) {
    RequestToSign request{c.method, c.path, c.query, c.headers, c.body};
    request.headers.emplace_back("Host", "example.amazonaws.com");
    request.headers.emplace_back("X-Amz-Date", "20150830T123600Z");
    EXPECT_EQ(
        Authorization(request, credentials, scope),
        std::string(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=") +
            c.signed_headers + ", Signature=" + c.signature)
        << c.name << "\n"
        << CanonicalRequest(request);
  }
}

TEST(SigV4Test, TheExampleOfTheDocumentation) {
  const RequestToSign request{"GET",
                              "/",
                              {{"Action", "ListUsers"}, {"Version", "2010-05-08"}},
                              {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                               {"Host", "iam.amazonaws.com"},
                               {"X-Amz-Date", "20150830T123600Z"}},
                              ""};
  const SigningScope scope{"us-east-1", "iam", kSuiteTime};
  EXPECT_THAT(StringToSign(CanonicalRequest(request), scope),
              EndsWith("\nf536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"));
  EXPECT_THAT(
      Authorization(request, {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""},
                    scope),
      EndsWith("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"));
}

TEST(SigV4Test, ValuesOfOneNameAreJoinedAndBlanksAreOne) {
  RequestToSign request;
  request.headers = {{"Host", "h"}, {"X-A", "  1  2\t"}, {"x-a", "3"}};
  EXPECT_THAT(CanonicalRequest(request), StartsWith("POST\n/\n\nhost:h\nx-a:1 2,3\n\nhost;x-a\n"));
}

TEST(SigV4Test, PathsAreEncodedAndTimesWritten) {
  RequestToSign request;
  request.path = "/a b/c+d";
  request.query = {{"b", "2"}, {"a", "x y"}, {"a", "+"}};
  EXPECT_THAT(CanonicalRequest(request), HasSubstr("\n/a%20b/c%2Bd\na=%2B&a=x%20y&b=2\n"));
  EXPECT_EQ(AmzDate(kSuiteTime), "20150830T123600Z");
  EXPECT_EQ(AmzDate(0), "19700101T000000Z");
}

}  // namespace
}  // namespace skep::sdk::cloudwatch
