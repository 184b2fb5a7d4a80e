// SPDX-License-Identifier: Apache-2.0
// Drives the backend by hand. Every call goes through `call`, which notes it in the table.
"use strict";

const CHARACTERS_MAX = 280;
const CALLS_MAX = 100;
const $ = (selector) => document.querySelector(selector);
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const form = $("#create");
const skep = $("#skep");
let replyTo = null;

const user = () => form.elements.user_handle.value;

skep.value = localStorage.getItem("skep") ?? `http://${location.hostname}:8080`;
skep.addEventListener("change", () => localStorage.setItem("skep", skep.value));

// "00-<trace id>-<span id>-01": the answer's own trace.
const traceOf = (response) => response.headers.get("traceresponse")?.split("-")[1] ?? "";

function note(method, path, status, milliseconds, trace) {
  const sort = status >= 500 || status === 0 ? "error" : status >= 400 ? "warn" : "";
  // Its last digits: the first ones are the second it began in, and the same for its neighbours.
  const link = make("a", { href: `${skep.value}/trace/${trace}`, target: "_blank", rel: "noopener" }, trace.slice(-8));
  const row = make("tr", {},
    make("td", { title: `${method} ${path}` }, `${method} ${path}`),
    make("td", { className: `num ${sort}` }, status === 0 ? "no answer" : String(status)),
    make("td", { className: "num" }, `${Math.round(milliseconds)} ms`),
    make("td", {}, trace === "" ? "" : link));
  $("#calls").prepend(row);
  while ($("#calls").rows.length > CALLS_MAX) $("#calls").lastElementChild.remove();
}

// The JSON that was answered, or null where there is none.
async function call(method, path, body) {
  const started = performance.now();
  const headers = { "X-User-Handle": user() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    note(method, path, response.status, performance.now() - started, traceOf(response));
    const json = response.headers.get("content-type")?.startsWith("application/json");
    return { ok: response.ok, value: json ? JSON.parse(text) : null };
  } catch {
    note(method, path, 0, performance.now() - started, "");
    return { ok: false, value: null };
  }
}

function answerTo(activity) {
  replyTo = activity;
  $("#reply").hidden = activity === null;
  $("#reply").replaceChildren();
  if (activity === null) return;
  const cancel = make("button", { type: "button", className: "link", onclick: () => answerTo(null) }, "not as an answer");
  $("#reply").append(`to @${activity.handle} `, cancel);
  form.elements.message.focus();
}

function item(activity) {
  const by = make("button", { className: "link", onclick: () => show(`@${activity.handle}`, `/api/activities/@${encodeURIComponent(activity.handle)}`) },
    `@${activity.handle}`);
  const answer = make("button", { className: "link", onclick: () => answerTo(activity) }, "Answer");
  const open = make("button", { className: "link", onclick: () => show("Activity", `/api/activities/${activity.uuid}`) },
    activity.replies_count === 1 ? "1 answer" : `${activity.replies_count} answers`);
  const until = new Date(activity.expires_at).toLocaleString();
  return make("li", {},
    make("div", { className: "who" }, make("b", {}, activity.display_name), by, make("span", { className: "muted" }, `until ${until}`)),
    make("div", {}, activity.message),
    make("div", { className: "who" }, answer, open));
}

async function show(title, path) {
  const { ok, value } = await call("GET", path);
  if (!ok) return;
  const activities = Array.isArray(value) ? value : [value, ...value.replies];
  $("#feed-title").textContent = title;
  $("#feed").replaceChildren(...activities.map(item));
  if (activities.length === 0) $("#feed").append(make("li", { className: "empty" }, "Nothing here."));
}

const home = () => show("Home", "/api/activities/home");

function countLeft() {
  const left = CHARACTERS_MAX - [...form.elements.message.value].length;
  $("#left").textContent = left >= 0 ? `${left} characters left` : `${-left} characters too many: will be refused`;
  $("#left").classList.toggle("warn", left < 0);
}

form.elements.message.addEventListener("input", countLeft);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = Object.fromEntries(new FormData(form));
  const path = replyTo === null ? "/api/activities" : `/api/activities/${replyTo.uuid}/reply`;
  const { ok, value } = await call("POST", path, body);
  if (!ok) {
    $("#left").textContent = Array.isArray(value) ? `refused: ${value.join(", ")}` : "failed";
    $("#left").classList.add("warn");
    return;
  }
  answerTo(null);
  countLeft();
  await home();
});
$("#search").addEventListener("submit", (event) => {
  event.preventDefault();
  const term = event.target.elements.term.value;
  show(`Search: ${term}`, `/api/activities/search?term=${encodeURIComponent(term)}`);
});
$("#home").addEventListener("click", home);
for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => {
    const [method, path] = button.dataset.call.split(" ");
    const body = { user_handle: user(), user_receiver_handle: "worf", message: form.elements.message.value };
    call(method, path, method === "POST" ? body : undefined);
  });
}

countLeft();
home();
