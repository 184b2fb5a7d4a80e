// SPDX-License-Identifier: Apache-2.0
// The heads of the columns; the scale of the duration bars stands in its head.
import { For, type JSX } from "solid-js";
import { fourDoors } from "../../model/doors";
import { ticks } from "./scale";

export function TableHead(props: { decades: number }): JSX.Element {
  return (
    <div role="rowgroup" class="head">
      <div class="rr" role="row" aria-rowindex={1}>
        <span role="columnheader" aria-sort="descending" class="c-t">
          Time ↓
        </span>
        <span role="columnheader" class="c-d">
          <span class="sr">Doors: OTLP, X-Ray, CloudWatch, Rollbar</span>
          <span class="dh" aria-hidden="true">
            <For each={fourDoors}>{(look) => <span title={look.name}>{look.letter}</span>}</For>
          </span>
        </span>
        <span role="columnheader" class="c-f">
          <span class="sr">Error</span>
        </span>
        <span role="columnheader" class="c-r">
          Route
        </span>
        <span role="columnheader" class="c-sv">
          Service
        </span>
        <span role="columnheader" class="c-n num">
          Duration
        </span>
        <span
          role="columnheader"
          class="bar"
          title="Log scale. The thin line is the P95 of the route."
        >
          <span class="sr">Duration on a log scale; the thin line is the P95 of the route</span>
          <span class="ticks" aria-hidden="true">
            <For each={ticks(props.decades)}>
              {(tick) => <span style={{ left: `${tick.at}%` }}>{tick.name}</span>}
            </For>
          </span>
        </span>
        <span role="columnheader" class="c-st">
          Status
        </span>
        <span role="columnheader" class="c-u">
          User
        </span>
        <span role="columnheader" class="c-sp num">
          Spans · logs
        </span>
        <span role="columnheader" class="said">
          Last words
        </span>
      </div>
    </div>
  );
}
