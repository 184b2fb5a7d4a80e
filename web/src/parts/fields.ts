// SPDX-License-Identifier: Apache-2.0
// Attributes in groups by the first part of their names, as a details panel shows them.

export interface FieldGroup {
  name: string;
  fields: [name: string, value: string][];
}

const order = ["app", "http", "url", "client", "exception", "db", "annotation", "metadata"];
/** First parts of names that go into another's group. A map: `constructor.x` is a field's name, too. */
const merged = new Map(
  ["url", "net", "server", "client", "user_agent"].map((first) => [first, "http"]),
);

export function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}

export function groupsOf(attributes: Record<string, unknown>, wanted: string): FieldGroup[] {
  const groups = new Map<string, [string, string][]>();
  const find = wanted.trim().toLowerCase();
  for (const [name, value] of Object.entries(attributes)) {
    const text = valueText(value);
    if (!name.toLowerCase().includes(find) && !text.toLowerCase().includes(find)) continue;
    const first = /^([a-zA-Z0-9_-]+)\./.exec(name)?.[1] ?? "fields";
    const group = merged.get(first) ?? first;
    groups.set(group, [...(groups.get(group) ?? []), [name, text]]);
  }
  const rank = (name: string): number => {
    const at = order.indexOf(name);
    return at < 0 ? order.length : at;
  };
  return [...groups]
    .map(([name, fields]) => ({
      name,
      fields: fields.sort((a, b) => a[0].localeCompare(b[0])),
    }))
    .sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}
