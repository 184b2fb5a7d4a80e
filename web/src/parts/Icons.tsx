// SPDX-License-Identifier: Apache-2.0
// The few drawings of the frame.
import type { JSX } from "solid-js";

export function SkepIcon(): JSX.Element {
  return (
    <svg viewBox="0 0 18 18" aria-hidden="true">
      <rect x="6" y="1.5" width="6" height="3" rx="1.5" />
      <rect x="3.5" y="5.5" width="11" height="3" rx="1.5" />
      <rect x="2" y="9.5" width="14" height="3" rx="1.5" />
      <path d="M2.5 13.5h13a1.5 1.5 0 0 1 0 3H11a2 2 0 0 0-4 0H2.5a1.5 1.5 0 0 1 0-3z" />
    </svg>
  );
}

export function SearchIcon(): JSX.Element {
  return (
    <svg
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      aria-hidden="true"
    >
      <circle cx="6" cy="6" r="4" />
      <path d="M9 9l4 4" />
    </svg>
  );
}

export function FunnelIcon(): JSX.Element {
  return (
    <svg
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      aria-hidden="true"
    >
      <path d="M1 2h12L8.5 7.5V12l-3-1.5v-3z" />
    </svg>
  );
}

export function ThemeIcon(): JSX.Element {
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.4" />
      <path d="M7 1.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </svg>
  );
}

export function CopyIcon(): JSX.Element {
  return (
    <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      <path d="M3.5 3.5h5v5h-5zM6.5 3.5v-2h-5v5h2" fill="none" stroke="currentColor" />
    </svg>
  );
}
