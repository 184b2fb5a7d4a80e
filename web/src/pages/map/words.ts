// SPDX-License-Identifier: Apache-2.0
// What the map says of a service or a call.
import type { MapEdge, MapNode, ServiceMap } from "../../api/types";
import { count, durationText, percent, rate } from "../../model/format";

export function shareOfErrors(one: { count: number; errors: number }): number {
  return one.count === 0 ? 0 : one.errors / one.count;
}

export function nodeWords(node: MapNode, map: ServiceMap | undefined): string {
  if (node.kind !== "service") return `${node.kind}, tells nothing itself`;
  if (node.count === 0) return "calls others";
  const seconds = map === undefined ? 0 : Number(BigInt(map.to_ns) - BigInt(map.from_ns)) / 1e9;
  const often = seconds > 0 ? `${rate(node.count / seconds)}/s` : count(node.count);
  const failed = node.errors > 0 ? ` · ${percent(node.errors, node.count)} failed` : "";
  return `${often} · P95 ${durationText(BigInt(node.p95_ns))}${failed}`;
}

export function edgeWords(edge: MapEdge): string {
  const failed = edge.errors > 0 ? `, ${percent(edge.errors, edge.count)} failed` : "";
  return `${edge.from} to ${edge.to}: ${count(edge.count)} calls, P95 ${durationText(BigInt(edge.p95_ns))}${failed}`;
}
