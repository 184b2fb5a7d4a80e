// SPDX-License-Identifier: Apache-2.0
#include "aws/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace skep::sdk::aws {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Profile Credentials(std::string_view text, std::string_view name) {
  Profile profile;
  ReadProfile(text, ProfileFile::kCredentials, name, profile);
  return profile;
}

Profile Config(std::string_view text, std::string_view name) {
  Profile profile;
  ReadProfile(text, ProfileFile::kConfig, name, profile);
  return profile;
}

constexpr char kCredentials[] =
    "aws_access_key_id = of nobody\n"
    "[default]\n"
    "aws_access_key_id=AKID1\r\n"
    "AWS_SECRET_ACCESS_KEY = a+b/c=#;d  # of last year\n"
    "# aws_session_token = old\n"
    "[ work ]\n"
    "aws_access_key_id = AKID2\n"
    "s3 =\n"
    "  max_concurrent_requests = 20\n"
    "[work-2]\n"
    "aws_access_key_id = AKID3\n"
    "[work]\n"
    "aws_secret_access_key = s2";

TEST(ProfileTest, OfTheCredentialsFile) {
  EXPECT_THAT(
      Credentials(kCredentials, "default"),
      ElementsAre(Pair("aws_access_key_id", "AKID1"), Pair("aws_secret_access_key", "a+b/c=#;d")));
  EXPECT_THAT(Credentials(kCredentials, "work"),
              ElementsAre(Pair("aws_access_key_id", "AKID2"), Pair("aws_secret_access_key", "s2"),
                          Pair("s3", "")));
  EXPECT_THAT(Credentials(kCredentials, "other"), IsEmpty());
}

TEST(ProfileTest, OfTheConfigFile) {
  constexpr char kText[] =
      "[default]\nregion = eu-west-1\n[profile\twork]\nregion = ap-south-1\n[work]\nregion = none\n"
      "[sso-session work]\nregion = none\n";
  EXPECT_EQ(Setting(Config(kText, "default"), "region"), "eu-west-1");
  EXPECT_EQ(Setting(Config(kText, "work"), "region"), "ap-south-1");
  EXPECT_EQ(Setting(Config("[profile default]\nregion = a", "default"), "region"), "a");
  EXPECT_EQ(Setting(Config(kText, "sso-session work"), "region"), "");
}

TEST(ProfileTest, WhatIsNoSettingIsLeftOut) {
  for (const char* text : {"", "\n\n", "[", "]", "[]", "[default", "=", "[default]\n=x\n",
                           "[default]\nword", "[default]\n\n \n= ", "\xFF\xFE"}) {
    EXPECT_EQ(Setting(Credentials(text, "default"), "aws_access_key_id"), "") << text;
  }
}

TEST(ProfileTest, FilesAreWhereTheVariablesSay) {
  const std::filesystem::path home =
      std::filesystem::temp_directory_path() / ("profile_test." + std::to_string(getpid()));
  std::filesystem::create_directories(home / ".aws");
  std::ofstream(home / ".aws/credentials")
      << "[default]\naws_access_key_id=A\n[b]\nregion=of-keys\n";
  std::ofstream(home / ".aws/config")
      << "[default]\nregion=r\n[profile b]\nregion=of-config\noutput=json\n";
  std::ofstream(home / "other") << "[default]\naws_access_key_id=OTHER\n";
  const char* before = std::getenv("HOME");
  const std::string home_before = before == nullptr ? "" : before;
  setenv("HOME", home.c_str(), 1);
  EXPECT_THAT(LoadProfile(), ElementsAre(Pair("aws_access_key_id", "A"), Pair("region", "r")));
  setenv("AWS_PROFILE", "b", 1);
  EXPECT_THAT(LoadProfile(), ElementsAre(Pair("output", "json"), Pair("region", "of-keys")));
  unsetenv("AWS_PROFILE");
  setenv("AWS_SHARED_CREDENTIALS_FILE", "~/other", 1);
  setenv("AWS_CONFIG_FILE", (home / "nowhere").c_str(), 1);
  EXPECT_THAT(LoadProfile(), ElementsAre(Pair("aws_access_key_id", "OTHER")));
  unsetenv("AWS_SHARED_CREDENTIALS_FILE");
  unsetenv("AWS_CONFIG_FILE");
  setenv("HOME", home_before.c_str(), 1);
  std::filesystem::remove_all(home);
}

}  // namespace
}  // namespace skep::sdk::aws
