// SPDX-License-Identifier: Apache-2.0
// What is alike in all nouns of the API that are documents: list, get, create, update, delete. A
// noun says how a body is read (Noun::read) and what an answer has besides what is stored
// (Noun::render). The stored body is the object as Honeycomb's API has it, without its id and
// times. Pure but for the catalog.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "doors/honeycomb/api_call.h"
#include "doors/honeycomb/api_input.h"

namespace skep::honeycomb {

struct Noun {
  DocumentKind kind;
  std::string_view title;  // as refusals say it: `Board`
  // From a request to `document`: its body, and its name where those are unique. What is wrong goes
  // into the input; an Error is for what cannot go on. `before` is what there was, of an update.
  Status (*read)(ApiCall* call, Input* in, const Document* before, Document* document);
  // Members behind the stored ones; may be null.
  void (*render)(const ApiCall& call, const Document& document, JsonWriter* json) = nullptr;
  // Writes a stored member's value in another way than it is stored; false: it does not.
  bool (*render_member)(const ApiCall& call, std::string_view name, const JsonView& value,
                        JsonWriter* json) = nullptr;
};

// The stored members, id, times, and what the noun adds.
void RenderDocument(const ApiCall& call, const Noun& noun, const Document& document,
                    JsonWriter* json);

// Which documents a path is about.
struct Place {
  std::string dataset{};                // its name, or kAllDatasets; empty: the noun has none
  std::optional<std::string> parent{};  // nothing: any
};

Status List(ApiCall* call, const Noun& noun, const Place& place);
Status Get(ApiCall* call, const Noun& noun, const Place& place, const std::string& id);
// 201.
Status Create(ApiCall* call, const Noun& noun, const Place& place);
Status Update(ApiCall* call, const Noun& noun, const Place& place, const std::string& id);
// 204 and nothing, or 200 and what it was.
Status Delete(ApiCall* call, const Noun& noun, const Place& place, const std::string& id,
              int status = 204);

// The document of the place, or the refusal that there is none.
Result<Document> Need(ApiCall* call, const Noun& noun, const Place& place, const std::string& id);
// Refuses if anything was noted.
Status CheckInput(ApiCall* call, const Input& in);
// The stored body; it was JSON when it was written.
Result<JsonDocument> BodyOf(const Document& document);

}  // namespace skep::honeycomb
