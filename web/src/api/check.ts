// SPDX-License-Identifier: Apache-2.0
// Holds an answer of the server against the shape that its description promises. The rest of the page may then trust
// the generated types. Unknown extra fields are let through, so that a newer server can say more.
import { shapes } from "./generated/shapes";

export type Shape =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "object"
  | "any"
  | { ref: string }
  | { enum: readonly string[] }
  | { items: Shape }
  | { required: readonly string[]; properties: Record<string, Shape> };

/** Null when `value` has the named shape, else where and how it does not. */
export function mismatch(name: string, value: unknown): string | null {
  return check({ ref: name }, value, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function check(shape: Shape, value: unknown, at: string): string | null {
  if (typeof shape === "string") return checkPlain(shape, value, at);
  if ("ref" in shape) {
    const target = shapes[shape.ref];
    return target === undefined ? `${at}: no shape ${shape.ref}` : check(target, value, at);
  }
  if ("enum" in shape) {
    const known = typeof value === "string" && shape.enum.includes(value);
    return known ? null : `${at}: not one of ${shape.enum.join(", ")}`;
  }
  if ("items" in shape) {
    if (!Array.isArray(value)) return `${at}: not an array`;
    for (const [index, item] of value.entries()) {
      const wrong = check(shape.items, item, `${at}[${index}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  if (!isRecord(value)) return `${at}: not an object`;
  for (const name of shape.required) {
    if (!(name in value)) return `${at}.${name}: missing`;
  }
  for (const [name, inner] of Object.entries(shape.properties)) {
    if (!(name in value)) continue;
    const wrong = check(inner, value[name], `${at}.${name}`);
    if (wrong !== null) return wrong;
  }
  return null;
}

function checkPlain(type: string, value: unknown, at: string): string | null {
  if (type === "any") return null;
  const right =
    type === "object"
      ? isRecord(value)
      : type === "integer"
        ? Number.isInteger(value)
        : typeof value === type;
  return right ? null : `${at}: not of type ${type}`;
}
