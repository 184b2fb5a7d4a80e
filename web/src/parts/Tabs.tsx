// SPDX-License-Identifier: Apache-2.0
// A row of tabs; arrows move between them as the ARIA pattern wants.
import { For, Show, type JSX } from "solid-js";

export interface Tab<Name extends string> {
  name: Name;
  title: string;
  count?: number;
}

export function Tabs<Name extends string>(props: {
  label: string;
  tabs: readonly Tab<Name>[];
  chosen: Name;
  panel: string;
  onChoose: (name: Name) => void;
  children?: JSX.Element;
}): JSX.Element {
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = props.tabs.findIndex((tab) => tab.name === props.chosen);
    const next = props.tabs[(at + step + props.tabs.length) % props.tabs.length];
    if (next === undefined) return;
    props.onChoose(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <div class="tabbar">
      <div class="tabs" role="tablist" aria-label={props.label} onKeyDown={onKey}>
        <For each={props.tabs}>
          {(tab) => (
            <button
              role="tab"
              id={`tab-${tab.name}`}
              aria-selected={tab.name === props.chosen}
              aria-controls={props.panel}
              tabindex={tab.name === props.chosen ? 0 : -1}
              onClick={() => props.onChoose(tab.name)}
            >
              {tab.title}
              <Show when={tab.count !== undefined}>
                <span class="n">{tab.count}</span>
              </Show>
            </button>
          )}
        </For>
      </div>
      {props.children}
    </div>
  );
}
