// SPDX-License-Identifier: Apache-2.0
// The log scale of the duration bars: from 1 ms to 3 s, longer by decades when a request was.
const decadesMin = Math.log10(3000);

export function decadesFor(longestMs: number): number {
  let decades = decadesMin;
  while (10 ** decades < longestMs && decades < 9) decades += 1;
  return decades;
}

/** Where a length lies on the scale, 0 to 100. */
export function percentOf(ms: number, decades: number): number {
  if (ms <= 1) return 0;
  return Math.min(100, (Math.log10(ms) / decades) * 100);
}

const names = ["1 ms", "10", "100", "1 s", "10 s", "100 s"];

export function ticks(decades: number): { at: number; name: string }[] {
  return names
    .map((name, power) => ({ at: (power / decades) * 100, name }))
    .filter(({ at }) => at < 95);
}
