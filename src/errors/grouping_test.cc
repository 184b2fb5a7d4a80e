// SPDX-License-Identifier: Apache-2.0
#include "errors/grouping.h"

#include <gtest/gtest.h>

#include "errors/own_code.h"
#include "errors/sha1.h"

namespace skep {
namespace {

ErrorOccurrence Exception() {
  ErrorOccurrence occurrence;
  occurrence.kind = ErrorKind::kExceptions;
  occurrence.project = "default";
  occurrence.environment = "production";
  occurrence.source_root = "/srv/app";
  occurrence.exceptions = {
      {"KeyError",
       "'missing'",
       {{"/opt/venv/lib/python3.11/site-packages/flask/app.py", "wsgi_app", "", 1511},
        {"/srv/app/views.py", "boom", "", 12},
        {"/opt/venv/lib/python3.11/json/decoder.py", "decode", "", 3}}}};
  return occurrence;
}

ErrorOccurrence Message(std::string_view text) {
  ErrorOccurrence occurrence;
  occurrence.kind = ErrorKind::kMessage;
  occurrence.text = text;
  return occurrence;
}

TEST(Grouping, IgnoresMessageLinesAndWhereItIsInstalled) {
  const ErrorOccurrence a = Exception();
  ErrorOccurrence b = Exception();
  b.exceptions[0].message = "'other'";
  b.exceptions[0].frames[1].line = 99;
  b.exceptions[0].frames[1].filename = "/home/worf/app/views.py";
  b.source_root = "/home/worf/app";
  EXPECT_EQ(GroupOf(a).fingerprint, GroupOf(b).fingerprint);
  EXPECT_EQ(GroupOf(a).item, GroupOf(b).item);
}

TEST(Grouping, TheRootEndsWhereAFolderEnds) {
  ErrorOccurrence other = Exception();
  other.exceptions[0].frames[1].filename = "/srv/app2/views.py";
  EXPECT_NE(GroupOf(Exception()).fingerprint, GroupOf(other).fingerprint);
  ErrorOccurrence slash = Exception();
  slash.source_root = "/srv/app/";
  EXPECT_EQ(GroupOf(Exception()).fingerprint, GroupOf(slash).fingerprint);
}

TEST(Grouping, IgnoresLibraryFramesWhereThereAreOwnOnes) {
  ErrorOccurrence b = Exception();
  b.exceptions[0].frames[0].method = "full_dispatch_request";
  b.exceptions[0].frames.pop_back();
  EXPECT_EQ(GroupOf(Exception()).fingerprint, GroupOf(b).fingerprint);
  // Only library frames: then they are what there is.
  ErrorOccurrence c = Exception();
  c.exceptions[0].frames.resize(1);
  ErrorOccurrence d = c;
  d.exceptions[0].frames[0].method = "other";
  EXPECT_NE(GroupOf(c).fingerprint, GroupOf(d).fingerprint);
}

TEST(Grouping, TellsClassesFunctionsFilesAndCausesApart) {
  const std::string base = GroupOf(Exception()).fingerprint;
  ErrorOccurrence type = Exception();
  type.exceptions[0].type = "ValueError";
  ErrorOccurrence method = Exception();
  method.exceptions[0].frames[1].method = "bang";
  ErrorOccurrence file = Exception();
  file.exceptions[0].frames[1].filename = "/srv/app/models.py";
  ErrorOccurrence cause = Exception();
  cause.exceptions.push_back({"OSError", "disk", {}});
  for (const ErrorOccurrence& other : {type, method, file, cause})
    EXPECT_NE(GroupOf(other).fingerprint, base);
}

TEST(Grouping, IsByProjectAndEnvironment) {
  const Grouping base = GroupOf(Exception());
  ErrorOccurrence staging = Exception();
  staging.environment = "staging";
  ErrorOccurrence other = Exception();
  other.project = "other";
  EXPECT_EQ(GroupOf(staging).fingerprint, base.fingerprint);
  EXPECT_NE(GroupOf(staging).item, base.item);
  EXPECT_NE(GroupOf(other).item, base.item);
  EXPECT_NE(ItemIdOf("a", "bc", "d"), ItemIdOf("ab", "c", "d"));
}

TEST(Grouping, WithoutFramesTheMessageTellsApart) {
  ErrorOccurrence a = Exception();
  a.exceptions[0].frames.clear();
  ErrorOccurrence b = a;
  b.exceptions[0].message = "'other'";
  EXPECT_NE(GroupOf(a).fingerprint, GroupOf(b).fingerprint);
  a.exceptions[0].message = "row 17";
  b.exceptions[0].message = "row 2342";
  EXPECT_EQ(GroupOf(a).fingerprint, GroupOf(b).fingerprint);
}

TEST(Grouping, MessagesGroupWithoutTheirNumbers) {
  EXPECT_EQ(FingerprintOf(Message("job 12 late")), FingerprintOf(Message("job 99 late")));
  EXPECT_NE(FingerprintOf(Message("job 12 late")), FingerprintOf(Message("job 12 lost")));
  ErrorOccurrence report = Message("SIGSEGV at 0x7f001\nregisters: 1");
  report.kind = ErrorKind::kReport;
  ErrorOccurrence same = Message("SIGSEGV at 0x7f0ff\nregisters: 2 3");
  same.kind = ErrorKind::kReport;
  EXPECT_EQ(FingerprintOf(report), FingerprintOf(same));
  EXPECT_NE(FingerprintOf(report), FingerprintOf(Message("SIGSEGV at 0x7f001")));
}

TEST(Grouping, AGivenFingerprintWinsAndALongOneIsHashed) {
  ErrorOccurrence given = Exception();
  const std::string forty(40, 'x');
  given.given_fingerprint = forty;
  EXPECT_EQ(FingerprintOf(given), forty);
  const std::string longer(41, 'x');
  given.given_fingerprint = longer;
  EXPECT_EQ(FingerprintOf(given), Sha1Hex(longer));
  EXPECT_EQ(Sha1Hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Title, SaysClassAndFirstLine) {
  ErrorOccurrence occurrence = Exception();
  occurrence.exceptions[0].message = "first\nsecond";
  EXPECT_EQ(TitleOf(occurrence), "KeyError: first");
  occurrence.exceptions[0].message = "";
  EXPECT_EQ(TitleOf(occurrence), "KeyError");
  occurrence.given_title = "Given";
  EXPECT_EQ(TitleOf(occurrence), "Given");
  EXPECT_EQ(TitleOf(Message("\n  two words \r\nmore")), "two words");
  EXPECT_EQ(TitleOf(Message(" \n ")), "(no message)");
}

TEST(Title, IsCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\xe2\x82\xac";  // 600 bytes
  EXPECT_EQ(TitleOf(Message(text)).size(), 255u);
  EXPECT_EQ(TitleOf(Message("ab" + text)).size(), 254u);
}

TEST(OwnCode, IsToldByTheFile) {
  const auto own = [](std::string_view file, std::string_view root = "") {
    return IsOwnCode({file, "f", "", 1}, root);
  };
  EXPECT_TRUE(own("/srv/app/views.py"));
  EXPECT_TRUE(own("gorb/main.go"));
  EXPECT_TRUE(own("/opt/venv/lib/python3.11/site-packages/me/a.py",
                  "/opt/venv/lib/python3.11/site-packages/me"));
  EXPECT_FALSE(own("/srv/app/node_modules/router/index.js", "/srv/app"));
  EXPECT_FALSE(own("/opt/venv/lib/python3.11/site-packages/flask/app.py", "/srv/app"));
  EXPECT_FALSE(own("github.com/rollbar/rollbar-go@v1.4.5/client.go"));
  EXPECT_FALSE(own("runtime/proc.go"));
  EXPECT_FALSE(own("database/sql/sql.go"));
  EXPECT_TRUE(own("database/models.py"));
  EXPECT_TRUE(own("testing/helpers.js"));
  EXPECT_TRUE(own("/srv/app/pkg/models/order.go"));
  EXPECT_TRUE(own("/srv/app/lib/python_bridge.rb"));
  EXPECT_FALSE(own("/root/go/pkg/mod/github.com/x/y/z.go"));
  EXPECT_FALSE(own("/usr/lib64/python3.11/json/decoder.py"));
  EXPECT_TRUE(own("/srv/app/lib/billing.rb"));
  EXPECT_TRUE(own("/home/bob/go/app/main.go"));
  EXPECT_FALSE(own("C:\\venv\\Lib\\site-packages\\flask\\app.py", "C:\\srv"));
  EXPECT_FALSE(own("<internal:kernel>"));
  EXPECT_FALSE(own("/opt/venv/lib/python3.11/site-packages/app2/x.py",
                   "/opt/venv/lib/python3.11/site-packages/app"));
  EXPECT_FALSE(own("node:internal/modules/cjs/loader"));
  EXPECT_FALSE(IsOwnCode({"Thread.java", "run", "java.lang.Thread", 1}, ""));
}

TEST(MainFrame, IsTheLastOwnOneOfTheFirstException) {
  const ErrorOccurrence occurrence = Exception();
  ASSERT_NE(MainFrame(occurrence), nullptr);
  EXPECT_EQ(MainFrame(occurrence)->method, "boom");
  EXPECT_EQ(MainFrame(Message("x")), nullptr);
}

}  // namespace
}  // namespace skep
