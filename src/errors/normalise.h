// SPDX-License-Identifier: Apache-2.0
// Normalising: what tells two errors of one kind apart but not their cause (numbers, ids, dates,
// addresses) becomes a placeholder such as `<number>`, so that their fingerprints agree. Error
// codes stay ("status 404", "ORA-00942"). Pure.
#pragma once

#include <string>
#include <string_view>

namespace skep {

// All of them append to `out`.

// For messages: e-mails, UUIDs, dates and times, IP addresses, hexadecimal runs of 4 and more with
// a digit among them, decimals and integers of 2 and more digits.
void NormaliseMessage(std::string_view text, std::string* out);

// For file names: dates and hashes (runs of 7 and more hexadecimal digits with a decimal digit
// among them) go, and what follows a `?`.
void NormaliseFilename(std::string_view filename, std::string* out);

// For functions and classes: integers of 2 and more digits and hashes become placeholders, as in
// names that a runtime makes.
void NormaliseMethod(std::string_view method, std::string* out);

}  // namespace skep
