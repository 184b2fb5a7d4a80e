// SPDX-License-Identifier: Apache-2.0
#include "query/expression/time_format.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "wire/utf8.h"

namespace skep {
namespace {

constexpr int64_t kFirstSecond = -62'167'219'200;  // 0000-01-01
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59

struct Letter {
  char strftime;
  std::string_view engine;
};
// What strftime's letter is in the engine's words.
constexpr std::array<Letter, 31> kLetters = {{
    {'a', "%a"},          {'A', "%W"}, {'b', "%b"}, {'B', "%M"}, {'C', "%C"}, {'d', "%d"},
    {'D', "%D"},          {'F', "%F"}, {'g', "%g"}, {'G', "%G"}, {'h', "%b"}, {'H', "%H"},
    {'I', "%I"},          {'j', "%j"}, {'m', "%m"}, {'M', "%i"}, {'n', "\n"}, {'p', "%p"},
    {'r', "%I:%i:%S %p"}, {'R', "%R"}, {'S', "%S"}, {'t', "\t"}, {'T', "%T"}, {'u', "%u"},
    {'V', "%V"},          {'w', "%w"}, {'x', "%D"}, {'X', "%T"}, {'y', "%y"}, {'Y', "%Y"},
    {'%', "%%"},
}};

struct Computed {
  char strftime;
  TimePiece::Kind kind;
};
constexpr std::array<Computed, 7> kComputed = {{{'e', TimePiece::Kind::kDay},
                                                {'s', TimePiece::Kind::kEpoch},
                                                {'k', TimePiece::Kind::kHour},
                                                {'l', TimePiece::Kind::kHour12},
                                                {'P', TimePiece::Kind::kMeridiem},
                                                {'U', TimePiece::Kind::kWeekSunday},
                                                {'W', TimePiece::Kind::kWeekMonday}}};

void AppendEngine(std::string_view text, TimeFormat* format) {
  if (format->pieces.empty() || format->pieces.back().kind != TimePiece::Kind::kEngine)
    format->pieces.push_back({});
  format->pieces.back().text += text;
}

bool AppendLetter(char letter, TimeFormat* format) {
  if (letter == 'z' || letter == 'Z') {
    AppendEngine(letter == 'z' ? "+0000" : "UTC", format);
    return true;
  }
  if (letter == 'c') {
    AppendEngine("%a %b ", format);
    format->pieces.push_back({TimePiece::Kind::kDay, {}});
    AppendEngine(" %T %Y", format);
    return true;
  }
  for (const Letter& known : kLetters) {
    if (known.strftime != letter) continue;
    AppendEngine(known.engine, format);
    return true;
  }
  for (const Computed& known : kComputed) {
    if (known.strftime != letter) continue;
    format->pieces.push_back({known.kind, {}});
    return true;
  }
  return false;
}

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

int Hour12(int hour) { return (hour + 11) % 12 + 1; }

// Week of ISO 8601 and the year that it belongs to.
std::pair<int, int> IsoWeek(const tm& time) {
  const int weekday = (time.tm_wday + 6) % 7;  // Monday is 0
  const int year = time.tm_year + 1900;
  const auto is_leap = [](int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); };
  const int week = (time.tm_yday - weekday + 10) / 7;
  if (week == 0) {
    const int days_before = is_leap(year - 1) ? 366 : 365;
    return {(time.tm_yday + days_before - weekday + 10) / 7, year - 1};
  }
  if (week == 53 && time.tm_yday - weekday + 3 >= (is_leap(year) ? 366 : 365)) return {1, year + 1};
  return {week, year};
}

template <typename... T>
void Add(std::string* out, fmt::format_string<T...> format, T&&... values) {
  fmt::format_to(std::back_inserter(*out), format, std::forward<T>(values)...);
}

void AppendEngineLetter(char letter, const tm& time, std::string* out) {
  const int year = time.tm_year + 1900;
  const std::string_view day = kDays[static_cast<size_t>(time.tm_wday)];
  const std::string_view month = kMonths[static_cast<size_t>(time.tm_mon)];
  switch (letter) {
    case 'a':
      return Add(out, "{}", day.substr(0, 3));
    case 'W':
      return Add(out, "{}", day);
    case 'b':
      return Add(out, "{}", month.substr(0, 3));
    case 'M':
      return Add(out, "{}", month);
    case 'C':
      return Add(out, "{:02}", year / 100);
    case 'd':
      return Add(out, "{:02}", time.tm_mday);
    case 'D':
      return Add(out, "{:02}/{:02}/{:02}", time.tm_mon + 1, time.tm_mday, year % 100);
    case 'F':
      return Add(out, "{:04}-{:02}-{:02}", year, time.tm_mon + 1, time.tm_mday);
    case 'g':
      return Add(out, "{:02}", IsoWeek(time).second % 100);
    case 'G':
      return Add(out, "{:04}", IsoWeek(time).second);
    case 'H':
      return Add(out, "{:02}", time.tm_hour);
    case 'I':
      return Add(out, "{:02}", Hour12(time.tm_hour));
    case 'i':
      return Add(out, "{:02}", time.tm_min);
    case 'j':
      return Add(out, "{:03}", time.tm_yday + 1);
    case 'm':
      return Add(out, "{:02}", time.tm_mon + 1);
    case 'p':
      return Add(out, "{}", time.tm_hour < 12 ? "AM" : "PM");
    case 'R':
      return Add(out, "{:02}:{:02}", time.tm_hour, time.tm_min);
    case 'S':
      return Add(out, "{:02}", time.tm_sec);
    case 'T':
      return Add(out, "{:02}:{:02}:{:02}", time.tm_hour, time.tm_min, time.tm_sec);
    case 'u':
      return Add(out, "{}", (time.tm_wday + 6) % 7 + 1);
    case 'V':
      return Add(out, "{:02}", IsoWeek(time).first);
    case 'w':
      return Add(out, "{}", time.tm_wday);
    case 'y':
      return Add(out, "{:02}", year % 100);
    case 'Y':
      return Add(out, "{:04}", year);
    default:
      out->push_back(letter);
  }
}

std::string FormatPiece(const TimePiece& piece, const tm& time, int64_t seconds) {
  switch (piece.kind) {
    case TimePiece::Kind::kEngine:
      break;
    case TimePiece::Kind::kEpoch:
      return fmt::format("{}", seconds);
    case TimePiece::Kind::kDay:
      return fmt::format("{:>2}", time.tm_mday);
    case TimePiece::Kind::kHour:
      return fmt::format("{:>2}", time.tm_hour);
    case TimePiece::Kind::kHour12:
      return fmt::format("{:>2}", Hour12(time.tm_hour));
    case TimePiece::Kind::kMeridiem:
      return time.tm_hour < 12 ? "am" : "pm";
    case TimePiece::Kind::kWeekSunday:
      return fmt::format("{:02}", (time.tm_yday + 7 - time.tm_wday) / 7);
    case TimePiece::Kind::kWeekMonday:
      return fmt::format("{:02}", (time.tm_yday + 7 - (time.tm_wday + 6) % 7) / 7);
  }
  std::string out;
  for (size_t i = 0; i < piece.text.size(); ++i) {
    if (piece.text[i] == '%' && i + 1 < piece.text.size()) {
      AppendEngineLetter(piece.text[++i], time, &out);
    } else {
      out += piece.text[i];
    }
  }
  return out;
}

}  // namespace

Result<TimeFormat> ParseTimeFormat(std::string_view format) {
  TimeFormat parsed;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      AppendEngine(format.substr(i, 1), &parsed);
      continue;
    }
    if (++i == format.size())
      return Error(Code::kInvalidArgument, "A letter belongs after % in a format of times.");
    if (!AppendLetter(format[i], &parsed))
      return Error(
          Code::kInvalidArgument,
          fmt::format("There is no %{} in a format of times.",
                      format.substr(i, std::max<size_t>(1, Utf8Length(format.substr(i))))));
  }
  return parsed;
}

int64_t ClampTime(int64_t seconds) { return std::clamp(seconds, kFirstSecond, kLastSecond); }

std::string FormatTime(const TimeFormat& format, int64_t seconds) {
  const time_t clamped = ClampTime(seconds);
  tm time{};
  gmtime_r(&clamped, &time);
  std::string out;
  for (const TimePiece& piece : format.pieces) out += FormatPiece(piece, time, clamped);
  return out;
}

}  // namespace skep
