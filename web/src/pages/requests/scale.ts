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

const names = ["1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "10³ s", "10⁴ s", "10⁵ s"];
// Names that are written on a scale without touching one another, the one at its end left out.
const namesMax = 4;

export function ticks(decades: number): { at: number; name: string }[] {
  const all = names
    .map((name, power) => ({ at: (power / decades) * 100, name }))
    .filter(({ at }) => at < 95);
  const step = Math.ceil(all.length / namesMax);
  if (step > 1) return all.filter((_, power) => power % step === 0);
  // Close to one another they say their unit once.
  return all.map(({ at, name }, power) => ({
    at,
    name: power > 0 ? name.replace(" ms", "") : name,
  }));
}
