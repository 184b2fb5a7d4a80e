// SPDX-License-Identifier: Apache-2.0
// What this request may be compared with: the one before it of the same route, the usual one, the slow ones against all.
import { createSignal, Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { LikeRequests, Request, Trace } from "../../api/types";
import { quote } from "../../model/filter";
import { durationText, plural } from "../../model/format";
import { Popover } from "../../parts/Popover";

export function Compare(props: { trace: Trace }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const like = createQuery<LikeRequests>({
    key: () => (open() ? `like|${props.trace.trace_id}` : null),
    ask: (signal) => ask("LikeRequests", `traces/${props.trace.trace_id}/like`, {}, signal),
  });
  const to = (other: Request): string => `/diff/${other.trace_id}/${props.trace.trace_id}`;
  const groups = (): string => {
    const { service, route, name, duration_ns } = props.trace.request;
    const same = `service = ${quote(service)} AND route = ${quote(route ?? name)}`;
    const ms = Math.floor(Number(duration_ns) / 1e6);
    const search = new URLSearchParams({
      a_filter: `${same} AND duration_ms < ${ms}`,
      b_filter: `${same} AND duration_ms >= ${ms}`,
      range: "1440m",
    });
    return `/diff?${search.toString()}`;
  };
  return (
    <span class="pop-at">
      <button
        class="ctl sm"
        aria-haspopup="true"
        aria-expanded={open()}
        onClick={() => setOpen(!open())}
      >
        Compare with …
      </button>
      <Show when={open()}>
        <Popover class="compare" label="Compare with" onClose={() => setOpen(false)}>
          <Show when={like.data()} fallback={<p class="mut">looking for requests like this one</p>}>
            {(found) => (
              <>
                <p class="mut">
                  {found().of === 0
                    ? "No request of this route in the 24 h before."
                    : `Of ${plural(found().of, "request")} of this route before it:`}
                </p>
                <ul>
                  <Show when={found().median}>
                    {(one) => (
                      <li>
                        <a class="link" href={to(one())}>
                          the usual one ({durationText(BigInt(one().duration_ns))})
                        </a>
                      </li>
                    )}
                  </Show>
                  <Show when={found().previous}>
                    {(one) => (
                      <li>
                        <a class="link" href={to(one())}>
                          the one before ({durationText(BigInt(one().duration_ns))})
                        </a>
                      </li>
                    )}
                  </Show>
                  <li>
                    <a class="link" href={groups()}>
                      all quicker ones against those as slow
                    </a>
                  </li>
                </ul>
              </>
            )}
          </Show>
        </Popover>
      </Show>
    </span>
  );
}
