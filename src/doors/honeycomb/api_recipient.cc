// SPDX-License-Identifier: Apache-2.0
// /1/recipients.
#include "doors/honeycomb/api_recipient.h"

#include <utility>
#include <vector>

#include "doors/honeycomb/api_alert_recipients.h"
#include "doors/honeycomb/api_stored.h"
#include "doors/honeycomb/api_triggers.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kNameMax = 255;
constexpr size_t kUrlMax = 2048;

// What tells recipients of a type apart, and what an alert calls the target.
struct TypeMembers {
  std::string_view type;
  std::string_view unique;
  std::string_view target;
};
constexpr TypeMembers kTypes[] = {
    {"email", "email_address", "email_address"},
    {"slack", "slack_channel", "slack_channel"},
    {"pagerduty", "pagerduty_integration_key", "pagerduty_integration_name"},
    {"webhook", "webhook_url", "webhook_name"},
    {"msteams", "webhook_url", "webhook_name"},
    {"msteams_workflow", "webhook_url", "webhook_name"}};

const TypeMembers* MembersOf(std::string_view type) {
  for (const TypeMembers& members : kTypes)
    if (members.type == type) return &members;
  return nullptr;
}

void ReadWebhook(Input* details) {
  details->Text("webhook_secret", kNameMax);
  const std::vector<JsonView> headers = details->Array("webhook_headers", 5);
  for (size_t i = 0; i < headers.size(); ++i) {
    Input header = details->Element("webhook_headers", i, headers[i]);
    header.Required("header", 64);
    header.Text("value", 750);
  }
  Input payloads = details->Object("webhook_payloads");
  Input templates = payloads.Object("payload_templates");
  for (const char* name : {"trigger", "exhaustion_time", "budget_rate"})
    templates.Object(name).Text("body", 16'384);
  const std::vector<JsonView> variables = payloads.Array("template_variables", 10);
  for (size_t i = 0; i < variables.size(); ++i) {
    Input variable = payloads.Element("template_variables", i, variables[i]);
    variable.Required("name", 64);
    variable.Text("default_value", 256);
  }
}

void CheckDetails(std::string_view type, Input* details) {
  if (type == "email") {
    const std::string address = details->Required("email_address", kNameMax);
    if (!address.empty() && address.find('@') == std::string::npos)
      details->Invalid("email_address", "must be an email address");
  } else if (type == "slack") {
    details->Required("slack_channel", kNameMax);
  } else if (type == "pagerduty") {
    details->Required("pagerduty_integration_name", kNameMax);
    const std::string key = details->Required("pagerduty_integration_key", kNameMax);
    if (!key.empty() && key.size() != 32)
      details->Invalid("pagerduty_integration_key", "must have 32 characters");
  } else {
    details->Required("webhook_name", kNameMax);
    const std::string url = details->Required("webhook_url", kUrlMax);
    if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
      details->Invalid("webhook_url", "must be a URL");
    if (type == "webhook") ReadWebhook(details);
  }
}

// Members that are null are left out: Go's client sends what a type does not have.
void WriteDetails(const JsonView& details, JsonWriter* body) {
  body->BeginObject();
  for (size_t i = 0; i < details.size(); ++i) {
    if (details.At(i).type() == JsonType::kNull) continue;
    body->Key(details.NameAt(i));
    body->Raw(details.At(i).ToJson());
  }
  body->EndObject();
}

Status Read(ApiCall*, Input* in, const Document* before, Document* document) {
  const std::string type =
      in->Choice("type", {"email", "slack", "pagerduty", "webhook", "msteams", "msteams_workflow"});
  if (before == nullptr && type == "msteams")
    in->Invalid("type", "new ones must be of type msteams_workflow");
  if (before != nullptr) {
    SKEP_ASSIGN(const JsonDocument old, BodyOf(*before));
    if (!type.empty() && old.root()["type"].text() != type)
      in->Invalid("type", "cannot be changed");
  }
  Input details = in->RequiredObject("details");
  if (type.empty() || !in->Member("details").IsObject()) return {};
  CheckDetails(type, &details);
  document->name = type + "\n" + details.Text(MembersOf(type)->unique, kUrlMax);
  JsonWriter body;
  body.BeginObject();
  body.Field("type", type);
  body.Key("details");
  WriteDetails(in->Member("details"), &body);
  body.EndObject();
  document->body = body.Take();
  return {};
}

constexpr Noun kRecipient = {DocumentKind::kRecipient, "Recipient", Read};

Result<std::vector<Document>> AlertsOf(ApiCall* call, DocumentKind kind, std::string_view id) {
  SKEP_ASSIGN(std::vector<Document> all,
              call->documents().ListAll({.kind = kind, .project = call->project()}));
  std::erase_if(all, [&](const Document& alert) { return !NamesRecipient(alert, id); });
  return all;
}

Status DeleteRecipient(ApiCall* call) {
  SKEP_ASSIGN(const Document document, Need(call, kRecipient, {}, call->Argument(0)));
  for (const DocumentKind kind : {DocumentKind::kTrigger, DocumentKind::kBurnAlert}) {
    SKEP_ASSIGN(const auto alerts, AlertsOf(call, kind, document.id));
    if (!alerts.empty()) return call->Refuse(ConflictProblem("Recipient is in use by an alert."));
  }
  return Delete(call, kRecipient, {}, document.id);
}

Status ListTriggers(ApiCall* call) {
  SKEP_ASSIGN(const Document document, Need(call, kRecipient, {}, call->Argument(0)));
  SKEP_ASSIGN(const auto triggers, AlertsOf(call, DocumentKind::kTrigger, document.id));
  call->out.BeginArray();
  for (const Document& trigger : triggers) RenderDocument(*call, kTriggerNoun, trigger, &call->out);
  call->out.EndArray();
  return {};
}

constexpr ApiRoute kRoutes[] = {
    {"GET", "/1/recipients", [](ApiCall* call) { return List(call, kRecipient, {}); }},
    {"POST", "/1/recipients", [](ApiCall* call) { return Create(call, kRecipient, {}); }},
    {"GET", "/1/recipients/{}",
     [](ApiCall* call) { return Get(call, kRecipient, {}, call->Argument(0)); }},
    {"PUT", "/1/recipients/{}",
     [](ApiCall* call) { return Update(call, kRecipient, {}, call->Argument(0)); }},
    {"DELETE", "/1/recipients/{}", DeleteRecipient},
    {"GET", "/1/recipients/{}/triggers", ListTriggers}};

}  // namespace

RecipientTarget TargetOf(const ApiCall& call, const std::string& id) {
  const auto document = call.documents().Get(DocumentKind::kRecipient, call.project(), id);
  if (!document) return {};
  const auto body = BodyOf(*document);
  if (!body) return {};
  const std::string type(body->root()["type"].text());
  const TypeMembers* members = MembersOf(type);
  if (members == nullptr) return {type, {}};
  return {type, std::string(body->root()["details"][members->target].text())};
}

Result<std::string> FindRecipient(const ApiCall& call, std::string_view type,
                                  std::string_view target) {
  SKEP_ASSIGN(
      const std::vector<Document> all,
      call.documents().ListAll({.kind = DocumentKind::kRecipient, .project = call.project()}));
  const TypeMembers* members = MembersOf(type);
  for (const Document& document : all) {
    SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
    if (members == nullptr || body.root()["type"].text() != type) continue;
    const JsonView details = body.root()["details"];
    if (details[members->target].text() == target || details[members->unique].text() == target)
      return document.id;
  }
  return std::string();
}

Result<std::string> MakeRecipient(ApiCall* call, const std::string& type,
                                  const std::string& target) {
  JsonWriter body;
  body.BeginObject();
  body.Field("type", type);
  body.Key("details");
  body.BeginObject();
  body.Field(MembersOf(type)->unique, target);
  body.EndObject();
  body.EndObject();
  Document document;
  document.kind = DocumentKind::kRecipient;
  document.project = call->project();
  document.name = type + "\n" + target;
  document.body = body.Take();
  SKEP_ASSIGN(const Document made, call->documents().Create(document));
  return made.id;
}

ApiRoutes RecipientRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
