// SPDX-License-Identifier: Apache-2.0
// Normalising: what tells two errors of one kind apart but not their cause (numbers, ids, dates,
// addresses) becomes a placeholder such as `<number>`, so that their fingerprints agree. Error
// codes stay ("status 404", "ORA-00942"). Pure.
#pragma once

#include <string>
#include <string_view>

namespace skep {

// For messages: e-mails, UUIDs, dates and times, IP addresses, hexadecimal runs of 4 and more with
// a digit among them, decimals and integers of 2 and more digits.
std::string NormaliseMessage(std::string_view text);

// For file names: dates and hashes (runs of 7 and more hexadecimal digits with a decimal digit
// among them) go.
std::string NormaliseFilename(std::string_view filename);

// For functions: integers of 2 and more digits go, as in generated names.
std::string NormaliseMethod(std::string_view method);

}  // namespace skep
