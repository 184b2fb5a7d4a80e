// SPDX-License-Identifier: Apache-2.0
// W3C Baggage (w3.org/TR/baggage, 3.3): entries key=value;properties. Values are percent-encoded on
// the wire; properties go on as they came, as long as the entry keeps its value.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/header_text.h"
#include "core/json_text.h"
#include "core/percent.h"
#include "skep/sdk/propagation.h"

namespace skep::sdk {
namespace {

constexpr size_t kEntriesMax = 64;
constexpr size_t kBytesMax = 8192;
constexpr char kBaggageKey = 0;

struct State {
  Baggage values;
  std::map<std::string, std::string, std::less<>> properties;  // "p1;p2=v" of a key, if it has any
};

std::shared_ptr<const State> StateOf(const Context& context) {
  return std::static_pointer_cast<const State>(context.Get(&kBaggageKey));
}

// tchar of RFC 9110, 5.6.2.
bool IsTokenCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsTokenCharacter);
}

// baggage-octet: printable but for blank, quote, comma, semicolon and backslash.
bool IsBaggageOctet(char c) {
  return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
}

bool IsPlainOctet(char c) { return IsBaggageOctet(c) && c != '%'; }

bool ArePropertiesGood(std::string_view text) {
  bool good = true;
  Split(text, ';', [&good](std::string_view property) {
    property = TrimBlanks(property);
    const size_t equals = property.find('=');
    const bool has_value = equals != std::string_view::npos;
    good = IsToken(TrimBlanks(property.substr(0, equals))) &&
           (!has_value ||
            std::ranges::all_of(TrimBlanks(property.substr(equals + 1)), IsBaggageOctet));
    return good;
  });
  return good;
}

// An entry that is not well-formed is left out; the others stay.
void AddEntry(State& state, std::string_view entry) {
  const size_t semicolon = entry.find(';');
  const std::string_view pair = entry.substr(0, semicolon);
  const size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view key = TrimBlanks(pair.substr(0, equals));
  const std::string_view value = TrimBlanks(pair.substr(equals + 1));
  if (!IsToken(key) || !std::ranges::all_of(value, IsBaggageOctet)) return;
  state.values.insert_or_assign(std::string(key), CleanUtf8(PercentDecode(value)));
  state.properties.erase(std::string(key));
  if (semicolon == std::string_view::npos) return;
  std::string properties(TrimBlanks(entry.substr(semicolon + 1)));
  if (!ArePropertiesGood(properties)) return;
  std::ranges::replace(properties, '\t', ' ');
  state.properties.emplace(key, std::move(properties));
}

State Parse(std::string_view header) {
  State state;
  size_t bytes = 0;
  Split(header, ',', [&](std::string_view entry) {
    bytes += entry.size() + 1;
    if (bytes > kBytesMax + 1) return false;
    AddEntry(state, entry);
    return state.values.size() < kEntriesMax;
  });
  return state;
}

std::string Text(const State& state) {
  std::string text;
  size_t count = 0;
  for (const auto& [key, value] : state.values) {
    if (!IsToken(key)) continue;
    std::string entry = key + '=' + PercentEncode(value, IsPlainOctet);
    const auto properties = state.properties.find(key);
    if (properties != state.properties.end()) entry += ';' + properties->second;
    if (text.size() + entry.size() + 1 > kBytesMax) continue;  // a shorter one may still fit
    if (!text.empty()) text += ',';
    text += entry;
    if (++count == kEntriesMax) break;
  }
  return text;
}

class BaggageHeader final : public Propagator {
 public:
  Context Extract(const Context& context, const HeaderGetter& get) const override {
    try {
      const auto header = get("baggage");
      if (!header) return context;
      State state = Parse(*header);
      if (state.values.empty()) return context;
      return context.With(&kBaggageKey, std::make_shared<const State>(std::move(state)));
    } catch (...) {  // a carrier that throws, or no memory
      return context;
    }
  }

  void Inject(const Context& context, const HeaderSetter& set) const override {
    try {
      const auto state = StateOf(context);
      const std::string text = state == nullptr ? std::string() : Text(*state);
      if (!text.empty()) set("baggage", text);
    } catch (...) {  // a carrier that throws, or no memory
    }
  }
};

}  // namespace

std::shared_ptr<Propagator> BaggagePropagator() { return std::make_shared<BaggageHeader>(); }

Baggage GetBaggage(const Context& context) {
  const auto state = StateOf(context);
  return state == nullptr ? Baggage() : state->values;
}

Context WithBaggage(const Context& context, Baggage baggage) {
  try {
    State state{std::move(baggage), {}};
    if (const auto before = StateOf(context)) {
      for (const auto& [key, properties] : before->properties) {
        const auto now = state.values.find(key);
        if (now != state.values.end() && now->second == before->values.at(key)) {
          state.properties.emplace(key, properties);
        }
      }
    }
    return context.With(&kBaggageKey, std::make_shared<const State>(std::move(state)));
  } catch (...) {  // no memory
    return context;
  }
}

}  // namespace skep::sdk
