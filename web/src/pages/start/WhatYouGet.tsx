// SPDX-License-Identifier: Apache-2.0
// A drawing of what a joined request looks like, for who has none yet. It is an example and says so.
import { For, type JSX } from "solid-js";
import type { DoorName } from "../../api/types";
import { DoorMark } from "../../parts/DoorMark";

interface Sample {
  door: DoorName;
  name: string;
  /** Percent of the width; no length for a moment. */
  from: number;
  length: number;
  how: string;
}

const samples: Sample[] = [
  { door: "otlp", name: "POST /api/activities", from: 0, length: 98, how: "same id" },
  {
    door: "xray",
    name: "localhost:4567",
    from: 0.5,
    length: 97,
    how: "by evidence: same method, path, status, 0.5 ms apart",
  },
  { door: "otlp", name: "insert", from: 4, length: 90, how: "same id" },
  { door: "cloudwatch", name: "activity created by worf", from: 93, length: 0, how: "carried id" },
  { door: "rollbar", name: "RuntimeError: boom", from: 90, length: 0, how: "carried id" },
];

export function WhatYouGet(): JSX.Element {
  return (
    <figure class="see">
      <figcaption>
        <b class="str">What you will get</b>
        <span>
          an example: one request, whichever doors it came through, with the reason for each join
        </span>
      </figcaption>
      <ul>
        <For each={samples}>
          {(sample) => (
            <li>
              <span>
                <DoorMark door={sample.door} />
                <span class="cut">{sample.name}</span>
              </span>
              <span class="tk" aria-hidden="true">
                {sample.length > 0 ? (
                  <i
                    style={{
                      "left": `${sample.from}%`,
                      "width": `${sample.length}%`,
                      "--dc": `var(--${sample.door})`,
                    }}
                  />
                ) : (
                  <b style={{ left: `${sample.from}%` }}>
                    <DoorMark door={sample.door} />
                  </b>
                )}
              </span>
              <span class="mut">{sample.how}</span>
            </li>
          )}
        </For>
      </ul>
    </figure>
  );
}
