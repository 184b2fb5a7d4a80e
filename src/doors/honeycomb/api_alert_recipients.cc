// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_alert_recipients.h"

#include <utility>
#include <vector>

#include "doors/honeycomb/api_recipient.h"
#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kRecipientsMax = 100;
constexpr size_t kIdMax = 64;
constexpr size_t kTargetMax = 1024;

// The details of this alert for this recipient, checked; empty if there are none.
std::string ReadDetails(Input* recipient) {
  Input details = recipient->Object("details");
  details.Choice("pagerduty_severity", {"critical", "error", "warning", "info"}, "critical");
  const std::vector<JsonView> variables = details.Array("variables", 100);
  for (size_t i = 0; i < variables.size(); ++i) {
    Input variable = details.Element("variables", i, variables[i]);
    variable.Required("name", 64);
    variable.Text("value", 256);
  }
  const JsonView member = recipient->Member("details");
  return member.IsObject() && member.size() > 0 ? member.ToJson() : std::string();
}

// The id of the recipient that the element means; empty: it was noted what is wrong.
Result<std::string> IdOf(ApiCall* call, Input* recipient) {
  const std::string id = recipient->Text("id", kIdMax);
  if (!id.empty()) {
    const auto found = call->documents().Get(DocumentKind::kRecipient, call->project(), id);
    if (found) return id;
    recipient->Invalid("id", "does not exist");
    return std::string();
  }
  const std::string type = recipient->Choice(
      "type", {"email", "slack", "pagerduty", "webhook", "msteams", "msteams_workflow", "marker"});
  const std::string target = recipient->Required("target", kTargetMax);
  if (type.empty() || target.empty()) return std::string();
  SKEP_ASSIGN(const std::string known, FindRecipient(*call, type, target));
  if (!known.empty()) return known;
  if (type != "email" && type != "slack") {
    recipient->Invalid("target", "there is no such recipient");
    return std::string();
  }
  // Nothing is made for an alert that is refused.
  if (!recipient->details()->empty()) return std::string();
  return MakeRecipient(call, type, target);
}

void WriteMarker(const ApiCall& call, Input* recipient, JsonWriter* body) {
  const std::string id = recipient->Text("id", kIdMax);
  body->Field("id", id.empty() ? call.parts.options.random_text(11) : id);
  body->Field("type", "marker");
  body->Field("target", recipient->Text("target", kTargetMax));
}

}  // namespace

Status ReadRecipients(ApiCall* call, Input* in, bool markers, JsonWriter* body) {
  const std::vector<JsonView> recipients = in->Array("recipients", kRecipientsMax);
  if (recipients.empty()) return {};
  body->Key("recipients");
  body->BeginArray();
  for (size_t i = 0; i < recipients.size(); ++i) {
    Input recipient = in->Element("recipients", i, recipients[i]);
    if (!recipients[i].IsObject()) continue;
    body->BeginObject();
    if (recipient.Member("type").text() == "marker") {
      if (!markers) recipient.Invalid("type", "a burn alert cannot make a marker");
      WriteMarker(*call, &recipient, body);
    } else {
      SKEP_ASSIGN(const std::string id, IdOf(call, &recipient));
      body->Field("id", id);
    }
    const std::string details = ReadDetails(&recipient);
    if (!details.empty()) {
      body->Key("details");
      body->Raw(details);
    }
    body->EndObject();
  }
  body->EndArray();
  return {};
}

bool RenderRecipients(const ApiCall& call, std::string_view name, const JsonView& value,
                      JsonWriter* json) {
  if (name != "recipients") return false;
  json->BeginArray();
  for (size_t i = 0; i < value.size(); ++i) {
    const JsonView recipient = value.At(i);
    json->BeginObject();
    json->Field("id", recipient["id"].text());
    RecipientTarget target{std::string(recipient["type"].text()),
                           std::string(recipient["target"].text())};
    if (target.type.empty()) target = TargetOf(call, std::string(recipient["id"].text()));
    json->Field("type", target.type);
    json->Field("target", target.target);
    if (const JsonView details = recipient["details"]) {
      json->Key("details");
      json->Raw(details.ToJson());
    }
    json->EndObject();
  }
  json->EndArray();
  return true;
}

bool NamesRecipient(const Document& alert, std::string_view recipient_id) {
  const auto body = BodyOf(alert);
  if (!body) return false;
  const JsonView recipients = body->root()["recipients"];
  for (size_t i = 0; i < recipients.size(); ++i)
    if (recipients.At(i)["id"].text() == recipient_id) return true;
  return false;
}

}  // namespace skep::honeycomb
