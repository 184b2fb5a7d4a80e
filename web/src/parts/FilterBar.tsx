// SPDX-License-Identifier: Apache-2.0
// The filter line: terms as chips, a line to add one, names completed from the
// catalogue of fields, values from those that the range's requests have.
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  on,
  onCleanup,
  Show,
  type JSX,
} from "solid-js";
import { ask, type ApiError } from "../api/client";
import { createQuery } from "../api/query";
import type { ColumnList, FieldValues } from "../api/types";
import { useKeys } from "../app/keys";
import { useServerState } from "../app/status";
import type { View } from "../app/view";
import {
  parseTerm,
  quote,
  splitTerms,
  termAt,
  termText,
  withTerm,
  withoutTerm,
} from "../model/filter";
import { bounds, rangeParams } from "../model/range";
import { Completion } from "./Completion";
import { defaultOp, fieldsFor, stageOf, valuesFor } from "./completion";
import { FunnelIcon } from "./Icons";
import { Key } from "./Text";

const pauseMs = 120;

function totalOf(found: FieldValues | undefined): { distinct: number; requests: number } | null {
  return found === undefined ? null : { distinct: found.distinct, requests: found.total };
}

export function FilterBar(props: {
  view: View;
  error: ApiError | null;
  onOpen?: (open: boolean) => void;
}): JSX.Element {
  const server = useServerState();
  const [text, setText] = createSignal("");
  const [asked, setAsked] = createSignal<string | null>(null);
  const [open, setOpen] = createSignal(false);
  const [chosen, setChosen] = createSignal(0);
  let input: HTMLInputElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stage = createMemo(() => stageOf(text()));
  const wanted = (): string => {
    const now = stage();
    return now.kind === "field" ? now.text : now.field;
  };
  createEffect(
    on([wanted, open], ([name, shown]) => {
      clearTimeout(timer);
      timer = setTimeout(() => setAsked(shown ? name : null), pauseMs);
    }),
  );
  createEffect(on(open, (shown) => props.onOpen?.(shown), { defer: true }));
  const names = createQuery<ColumnList>({
    key: () => (asked() === null ? null : `fields|${asked()}`),
    ask: (signal) => ask("ColumnList", "explore/fields", { contains: asked() }, signal),
  });
  const fields = createMemo(() => fieldsFor(wanted(), names.data()));
  const field = createMemo(() => {
    const now = stage();
    if (now.kind === "field") return fields()[chosen()];
    return fields().find(({ name }) => name === now.field);
  });
  // Values are counted when a field stays chosen for a moment.
  const [counted, setCounted] = createSignal<string | null>(null);
  createEffect(
    on([() => field()?.name, open], ([name, shown]) => {
      const pause = setTimeout(() => setCounted(shown ? (name ?? null) : null), pauseMs);
      onCleanup(() => clearTimeout(pause));
    }),
  );
  const keyOf = (name: string): string =>
    `values|${name}|${JSON.stringify(rangeParams(props.view.range()))}`;
  const seen = createQuery<FieldValues>({
    key: () => {
      const name = counted();
      return name === null ? null : keyOf(name);
    },
    ask: (signal) => {
      const { from, to } = bounds(props.view.range(), server.now());
      return ask(
        "FieldValues",
        "requests/values",
        { field: counted(), from: String(from), to: String(to) },
        signal,
      );
    },
  });
  const found = createMemo(() => {
    const name = field()?.name;
    return name !== undefined && seen.answered() === keyOf(name) ? seen.data() : undefined;
  });
  const values = createMemo(() => {
    const now = stage();
    return valuesFor(
      found()?.values ?? field()?.values ?? [],
      now.kind === "value" ? now.text : "",
    );
  });
  const length = (): number => (stage().kind === "field" ? fields().length : values().length);
  const bad = (): number | null => {
    const position = props.error?.position;
    return position === null || position === undefined
      ? null
      : termAt(props.view.filter(), position);
  };

  const write = (next: string): void => {
    setText(next);
    setChosen(0);
    setOpen(true);
    input?.focus();
  };
  const add = (term: string): void => {
    if (term.trim() === "") return;
    props.view.setFilter(withTerm(props.view.filter(), parseTerm(term.trim())));
    setText("");
    setChosen(0);
  };
  const complete = (index: number): void => {
    const now = stage();
    if (now.kind === "field") {
      const name = fields()[index]?.name;
      if (name !== undefined)
        write(`${/[\s=!<>"]/.test(name) ? quote(name) : name} ${defaultOp(name)} `);
      return;
    }
    const value = values()[index]?.value;
    if (value !== undefined) add(`${now.field} ${now.op} ${quote(value)}`);
  };
  const onEnter = (): void => {
    const now = stage();
    if (now.kind === "value" && now.text === "") complete(chosen());
    else if (now.kind === "value") add(text());
    else if (fields().some(({ name }) => name === now.text))
      write(`${now.text} ${defaultOp(now.text)} `);
    else add(text());
  };
  const onKey = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const move = moves[event.key];
    if (move !== undefined && length() > 0) {
      event.preventDefault();
      setOpen(true);
      setChosen((at) => (at + move + length()) % length());
    } else if (event.key === "Tab" && open() && !event.shiftKey && text() !== "" && length() > 0) {
      event.preventDefault();
      complete(chosen());
    } else if (event.key === "Enter") {
      event.preventDefault();
      onEnter();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (open()) setOpen(false);
      else input?.blur();
    } else if (event.key === "Backspace" && text() === "") {
      const terms = splitTerms(props.view.filter());
      const last = terms.at(-1);
      if (last === undefined) return;
      event.preventDefault();
      props.view.setFilter(withoutTerm(props.view.filter(), terms.length - 1));
      write(last);
    }
  };
  const focus = (): void => input?.focus();
  useKeys({ "f": focus, "/": focus });
  return (
    <div class="anchor grow">
      <div class="box filter" onClick={focus}>
        <FunnelIcon />
        <For each={splitTerms(props.view.filter())}>
          {(term, index) => {
            const parts = parseTerm(term);
            return (
              <span class="chip" classList={{ bad: bad() === index() }}>
                <Show when={parts.field !== ""} fallback={<em>text</em>}>
                  <em>
                    {parts.field} {parts.op}
                  </em>
                </Show>{" "}
                {parts.value}
                <button
                  aria-label={`Remove filter ${termText(parts)}`}
                  onClick={(event) => {
                    event.stopPropagation();
                    props.view.setFilter(withoutTerm(props.view.filter(), index()));
                    // The button goes with its chip; by key the focus stays in the line.
                    if (event.detail === 0) focus();
                  }}
                >
                  ×
                </button>
              </span>
            );
          }}
        </For>
        <input
          ref={(element) => (input = element)}
          role="combobox"
          aria-label="Add a filter"
          aria-expanded={open()}
          aria-controls="completion"
          aria-activedescendant={open() && length() > 0 ? `option-${chosen()}` : undefined}
          placeholder={props.view.filter() === "" ? "Filter: a field, or any text" : ""}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          value={text()}
          onInput={(event) => write(event.currentTarget.value)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKey}
        />
        <Key>F</Key>
      </div>
      <Show when={open()}>
        <Completion
          stage={stage()}
          fields={fields()}
          field={field()}
          values={values()}
          total={totalOf(found())}
          chosen={chosen()}
          onChoose={complete}
          onHover={setChosen}
        />
      </Show>
    </div>
  );
}
