// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the system says. Canvases repaint when `theme` changes.
import { createSignal } from "solid-js";

export type Theme = "light" | "dark" | "system";
const name = "skep-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  try {
    const value = localStorage.getItem(name);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // storage may be forbidden; the theme then lasts as long as the page
  }
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

const [theme, setTheme] = createSignal<Theme>(stored());
/** Changes whenever colours did. */
const [paintCount, setPaintCount] = createSignal(0);
export { paintCount, theme };
const repaint = (): unknown => setPaintCount((n) => n + 1);

apply(stored());
system.addEventListener("change", repaint);

export function nextTheme(): void {
  const order: Theme[] = system.matches ? ["system", "light", "dark"] : ["system", "dark", "light"];
  const next = order[(order.indexOf(theme()) + 1) % order.length] ?? "system";
  try {
    if (next === "system") localStorage.removeItem(name);
    else localStorage.setItem(name, next);
  } catch {
    // as above
  }
  apply(next);
  setTheme(next);
  repaint();
}
