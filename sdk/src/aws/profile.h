// SPDX-License-Identifier: Apache-2.0
// Profiles of AWS's own tools and SDKs, kept in two files: ~/.aws/credentials, with a section
// [NAME] for each, and ~/.aws/config, with [profile NAME] or [default]
// (docs.aws.amazon.com/sdkref, "Shared config and credentials files"). Of a setting that is in
// both, credentials has the last word. Pure but for LoadProfile.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace skep::sdk::aws {

// Names in lower case, with what they are set to.
using Profile = std::map<std::string, std::string, std::less<>>;

enum class ProfileFile { kCredentials, kConfig };

// Sets in `profile` what `text` says of the profile of that name. Nested settings, which are
// indented, are left out.
void ReadProfile(std::string_view text, ProfileFile file, std::string_view name, Profile& profile);

// AWS_PROFILE, AWS_DEFAULT_PROFILE or "default".
std::string ProfileName();

// That profile, from AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, by default in ~/.aws. Empty
// if there is none; of a file no more than 1 MiB is read.
Profile LoadProfile();

// Empty if the setting is not there.
std::string_view Setting(const Profile& profile, std::string_view name);

}  // namespace skep::sdk::aws
