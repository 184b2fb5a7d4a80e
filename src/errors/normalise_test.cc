// SPDX-License-Identifier: Apache-2.0
#include "errors/normalise.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

std::string Message(std::string_view text) {
  std::string out;
  NormaliseMessage(text, &out);
  return out;
}
std::string Filename(std::string_view text) {
  std::string out;
  NormaliseFilename(text, &out);
  return out;
}
std::string Method(std::string_view text) {
  std::string out;
  NormaliseMethod(text, &out);
  return out;
}

TEST(NormaliseMessage, TakesOutWhatTellsOccurrencesApart) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"user 4711 not found", "user <number> not found"},
      {"took 12.5 s, 1,234 rows", "took <number> s, <number> rows"},
      {"mail to worf@example.com failed", "mail to <email> failed"},
      {"no 2ff52a79-f087-4a5b-8561-6551ae40a1fb", "no <uuid>"},
      {"at 2026-11-24T10:15:00.123Z", "at <time>"},
      {"on 24/11/2026 10:15:00", "on <time> <time>"},
      {"from 203.0.113.9:8080", "from <ip>"},
      {"from fe80::1:2a", "from <ip>"},
      {"object 0x7ffee3 and deadbeef01", "object <hex> and <hex>"},
      {"GET /users/123/orders/45 slow", "GET /users/<number>/orders/<number> slow"},
      {"user_12345 is locked", "user_<number> is locked"},
  };
  for (const auto& c : cases) EXPECT_EQ(Message(c.text), c.expected);
}

TEST(NormaliseMessage, KeepsWhatNamesTheError) {
  for (const char* text : {"", "Hello World!", "HTTP 404", "status 503 from upstream", "exit 137",
                           "ORA-00942: no", "error E1234", "try 3 of 5", "dead beef cafe",
                           "caf\xc3\xa9 \xe2\x82\xac", "a.b.c()", "boom: row has no such column"}) {
    EXPECT_EQ(Message(text), text);
  }
}

TEST(NormaliseMessage, AgreesForTwoOccurrencesAndNotForTwoErrors) {
  EXPECT_EQ(Message("order 17 of bob@x.io at 10:00:01"),
            Message("order 23456 of al@y.org at 23:59:59"));
  EXPECT_NE(Message("HTTP 404"), Message("HTTP 500"));
  EXPECT_NE(Message("order 17 failed"), Message("order 17 lost"));
}

TEST(NormaliseFilename, DropsDatesAndHashes) {
  EXPECT_EQ(Filename("/srv/releases/20261124/app.py"), Filename("/srv/releases/20261125/app.py"));
  EXPECT_EQ(Filename("static/main.3f9a2c1b.js"), "static/main..js");
  EXPECT_EQ(Filename("/srv/2026-11-24/app.py"), "/srv//app.py");
  EXPECT_EQ(Filename("/srv/app/views2.py"), "/srv/app/views2.py");
  EXPECT_EQ(Filename("facade.py"), "facade.py");
  EXPECT_EQ(Filename("http://app.test/main.js?v=17"), "http://app.test/main.js");
}

TEST(NormaliseMethod, DropsWhatRuntimesNumber) {
  EXPECT_EQ(Method("T$$Lambda$14/0x0000000800c03000"), Method("T$$Lambda$92/0x00007f5a1c000000"));
  EXPECT_EQ(Method("Foo$$EnhancerBySpringCGLIB$$a1b2c3d4"),
            Method("Foo$$EnhancerBySpringCGLIB$$9f8e7d6c"));
  EXPECT_NE(Method("loadOrders"), Method("loadUsers"));
}

TEST(NormaliseMethod, DropsLongIntegersOnly) {
  EXPECT_EQ(Method("lambda$run$1234"), Method("lambda$run$99"));
  EXPECT_EQ(Method("main.main.func1.2"), "main.main.func1.2");
}

}  // namespace
}  // namespace skep
