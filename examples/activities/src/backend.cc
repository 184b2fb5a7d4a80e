// SPDX-License-Identifier: Apache-2.0
#include "backend.h"

#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "json.h"

namespace activities {
namespace {

using skep::sdk::StatusCode;
using skep::sdk::xray::Value;

constexpr std::string_view kDefaultUser = "andrewbrown";

Time Now() { return std::chrono::system_clock::now(); }

Answer Json(std::string body, int status = 200) {
  return {
      .status = status, .content_type = "application/json", .body = std::move(body), .headers = {}};
}

Answer NotFound() { return Json("[\"not_found\"]\n", 404); }

// Who asks: the body says it, else the header, else it is the one who always did.
std::string UserHandle(const Call& call, const Fields& body) {
  if (const auto said = Find(body, "user_handle")) return *said;
  const std::string header = call.header("x-user-handle").value_or("");
  return header.empty() ? std::string(kDefaultUser) : header;
}

std::string DisplayName(const std::string& handle) {
  return handle == kDefaultUser ? "Andrew Brown" : handle;
}

// As Python prints a list of texts: ['message_blank', 'ttl_blank'].
std::string PythonList(const std::vector<std::string_view>& texts) {
  std::string list;
  for (const std::string_view text : texts) {
    list.append(list.empty() ? "['" : ", '").append(text).append("'");
  }
  return list + "]";
}

std::string Joined(const std::vector<std::string_view>& texts) {
  std::string joined;
  for (const std::string_view text : texts) joined.append(joined.empty() ? "" : ",").append(text);
  return joined;
}

std::string Seconds(std::chrono::milliseconds duration) {
  const std::string digits = std::to_string(1000 + duration.count() % 1000).substr(1);
  return std::to_string(duration.count() / 1000) + "." + digits;
}

}  // namespace

Backend::Backend(const Config& config, const Telemetry& telemetry)
    : telemetry_(telemetry),
      store_(Now()),
      database_(telemetry, config.delay_min_ms, config.delay_max_ms) {}

void Backend::AddRoutes(Router& router) {
  const auto add = [&](std::string_view method, std::string_view path,
                       Answer (Backend::*handler)(const Call&)) {
    router.Add(method, path, std::bind_front(handler, this));
  };
  router.Add("GET", "/api/health-check", [](const Call&) { return Json("{\"success\":true}\n"); });
  router.Add("GET", "/api/activities/home", [this](const Call&) { return Home(); });
  add("GET", "/api/activities/notifications", &Backend::Notifications);
  add("GET", "/api/activities/search", &Backend::Search);
  add("GET", "/api/activities/@<handle>", &Backend::OfUser);
  add("GET", "/api/activities/<uuid>", &Backend::Show);
  add("POST", "/api/activities", &Backend::Create);
  add("POST", "/api/activities/<uuid>/reply", &Backend::Reply);
  add("GET", "/api/message_groups", &Backend::MessageGroups);
  add("GET", "/api/messages/@<handle>", &Backend::Conversation);
  add("POST", "/api/messages", &Backend::Send);
  router.Add("GET", "/rollbar/test", [this](const Call&) { return RollbarTest(); });
  router.Add("GET", "/api/boom", [this](const Call&) { return Boom(); });
}

template <typename Read>
auto Backend::Select(std::string_view span_name, std::string_view subsegment_name,
                     std::string_view part, Read read) {
  auto span = telemetry_.tracer.StartActiveSpan(span_name);
  const Time now = Now();
  const std::string now_text = IsoLocal(now);
  span->SetAttribute("app.now", now_text);
  auto subsegment = telemetry_.segments.InSubsegment(subsegment_name);
  database_.Call("select");
  auto rows = read(now);
  span->SetAttribute("app.result_length", rows.size());
  subsegment->PutMetadata("results", Value::Object({{"now", now_text}, {"size", rows.size()}}),
                          part);
  subsegment->PutAnnotation("result_length", rows.size());
  return rows;
}

Answer Backend::Home() {
  telemetry_.log.Info("HomeActivities");
  return Json(ToJson(Select("home-activities-mock-data", "mock-data", "home",
                            [&](Time now) { return store_.Home(now); })));
}

Answer Backend::OfUser(const Call& call) {
  return Json(ToJson(Select("user-activities", "user-activities", "user",
                            [&](Time now) { return store_.OfUser(call.parameter, now); })));
}

Answer Backend::Search(const Call& call) {
  const std::string term = Find(call.query, "term").value_or("");
  return Json(ToJson(Select("search-activities", "search-activities", "search",
                            [&](Time now) { return store_.Search(term, now); })));
}

Answer Backend::Notifications(const Call& call) {
  const std::string user = UserHandle(call, {});
  return Json(ToJson(Select("notifications-activities", "notifications", "notifications",
                            [&](Time now) { return store_.Notifications(user, now); })));
}

Answer Backend::Show(const Call& call) {
  if (!IsUuid(call.parameter)) return NotFound();
  std::optional<Activity> activity;
  const std::vector<Activity> replies =
      Select("show-activity", "show-activity", "activities", [&](Time now) {
        activity = store_.Find(call.parameter, now);
        return store_.RepliesTo(call.parameter, now);
      });
  return activity ? Json(ToJson(*activity, &replies)) : NotFound();
}

Answer Backend::Refuse(skep::sdk::Span& span, std::string_view action,
                       const std::vector<std::string_view>& reasons) {
  span.SetStatus(StatusCode::kError, Joined(reasons));
  telemetry_.log.Warn(std::string(action) + " rejected: " + PythonList(reasons));
  return Json(ToJson(reasons), 422);
}

Answer Backend::Create(const Call& call) {
  const Fields body = ReadFields(call.body);
  const std::string user_handle = UserHandle(call, body);
  const std::string message = Find(body, "message").value_or("");
  const std::string ttl = Find(body, "ttl").value_or("7-days");
  const Time now = Now();
  // [span]
  skep::sdk::Span current = skep::sdk::Span::Current();
  current.SetAttribute("app.now", IsoLocal(now));
  current.SetAttribute("app.user_handle", user_handle);
  // [/span]

  Activity activity;
  std::chrono::milliseconds delay{0};
  {
    // [subsegment]
    auto subsegment = telemetry_.segments.InSubsegment("create-activity");
    subsegment->PutAnnotation("user_handle", user_handle);
    subsegment->PutMetadata("request", Value::Object({{"message", message}, {"ttl", ttl}}),
                            "activities");
    // [/subsegment]
    // [nested]
    auto span = telemetry_.tracer.StartActiveSpan("create-activity");
    span->SetAttribute("app.message_length", CountCharacters(message));
    std::vector<std::string_view> reasons;
    {
      auto validate = telemetry_.tracer.StartActiveSpan("validate");
      reasons = RefuseActivity(user_handle, message, ttl);
    }
    // [/nested]
    if (!reasons.empty()) return Refuse(*span, "create_activity", reasons);
    auto insert = telemetry_.tracer.StartActiveSpan("insert");
    delay = database_.Call("insert");
    activity.handle = user_handle;
    activity.display_name = DisplayName(user_handle);
    activity.message = message;
    activity.created_at = now;
    activity.expires_at = now + TimeToLive(ttl).value_or(std::chrono::hours(0));
    store_.Add(activity, now);
  }
  // [line]
  telemetry_.log.Info("activity created by " + user_handle + " in " + Seconds(delay) + " s");
  // [/line]
  return Json(ToJson(activity));
}

Answer Backend::Reply(const Call& call) {
  const Fields body = ReadFields(call.body);
  const std::string user_handle = UserHandle(call, body);
  const std::string message = Find(body, "message").value_or("");
  const Time now = Now();
  skep::sdk::Span::Current().SetAttribute("app.user_handle", user_handle);
  auto subsegment = telemetry_.segments.InSubsegment("create-reply");
  subsegment->PutAnnotation("user_handle", user_handle);
  auto span = telemetry_.tracer.StartActiveSpan("create-reply");
  span->SetAttribute("app.message_length", CountCharacters(message));
  const std::vector<std::string_view> reasons = RefuseReply(user_handle, message);
  if (!reasons.empty()) return Refuse(*span, "create_reply", reasons);
  database_.Call("insert");
  Activity reply;
  reply.handle = user_handle;
  reply.display_name = DisplayName(user_handle);
  reply.message = message;
  reply.created_at = now;
  reply.expires_at = now + std::chrono::hours(7 * 24);
  reply.reply_to = call.parameter;
  if (!store_.Add(reply, now)) return NotFound();
  telemetry_.log.Info("reply created by " + user_handle);
  return Json(ToJson(reply));
}

Answer Backend::MessageGroups(const Call& call) {
  const std::string user = UserHandle(call, {});
  return Json(ToJson(Select("message-groups", "message-groups", "messages",
                            [&](Time) { return store_.MessageGroups(user); })));
}

Answer Backend::Conversation(const Call& call) {
  const std::string user = UserHandle(call, {});
  return Json(ToJson(Select("messages", "messages", "messages",
                            [&](Time) { return store_.Conversation(user, call.parameter); })));
}

Answer Backend::Send(const Call& call) {
  const Fields body = ReadFields(call.body);
  Message message;
  message.from = UserHandle(call, body);
  message.to = Find(body, "user_receiver_handle").value_or("");
  message.message = Find(body, "message").value_or("");
  message.created_at = Now();
  skep::sdk::Span::Current().SetAttribute("app.user_handle", message.from);
  auto subsegment = telemetry_.segments.InSubsegment("create-message");
  subsegment->PutAnnotation("user_handle", message.from);
  auto span = telemetry_.tracer.StartActiveSpan("create-message");
  span->SetAttribute("app.message_length", CountCharacters(message.message));
  const std::vector<std::string_view> reasons =
      RefuseMessage(message.from, message.to, message.message);
  if (!reasons.empty()) return Refuse(*span, "create_message", reasons);
  database_.Call("insert");
  store_.Add(message);
  telemetry_.log.Info("message sent by " + message.from);
  return Json(ToJson(message));
}

Answer Backend::RollbarTest() {
  const std::initializer_list<skep::sdk::Attribute> custom{{"feature", "smoke"}};
  skep::sdk::rollbar::ItemData data;
  data.level = skep::sdk::rollbar::Level::kWarning;
  data.custom = custom;
  telemetry_.errors.Message("Hello World!", data);
  return {.status = 200,
          .content_type = "text/html; charset=utf-8",
          .body = "Hello World!",
          .headers = {}};
}

Answer Backend::Boom() {
  telemetry_.log.Error("about to fail: {'id': 7, 'tags': ['a', 'b']}");
  const std::map<std::string, std::string, std::less<>> row{{"id", "7"}, {"tags", "a, b"}};
  try {
    return Json(row.at("missing"));
  } catch (const std::out_of_range&) {
    std::throw_with_nested(std::runtime_error("boom: row has no such column"));
  }
}

}  // namespace activities
