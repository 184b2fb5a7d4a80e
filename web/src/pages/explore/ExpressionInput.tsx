// SPDX-License-Identifier: Apache-2.0
// An expression with completion where the cursor stands: functions and fields, taken by Tab or Enter. Enter on what
// nobody offers runs the query; the text breaks into lines by itself.
import { createMemo, createSignal, createUniqueId, type JSX } from "solid-js";
import {
  offersFor,
  pieceAt,
  taken,
  type Named,
  type Offer,
  type Piece,
} from "../../model/expression";
import { offerId, Offers, stepped } from "../../parts/Offers";

export function ExpressionInput(props: {
  label: string;
  placeholder: string;
  value: string;
  fields: readonly Named[];
  functions: readonly { name: string; usage: string }[];
  bad: boolean;
  describedBy: string | undefined;
  ref: (element: HTMLTextAreaElement) => void;
  onInput: (text: string) => void;
  /** Backspace where nothing stands. */
  onEmptyBack: () => void;
}): JSX.Element {
  const id = createUniqueId();
  const [piece, setPiece] = createSignal<Piece | null>(null);
  const [open, setOpen] = createSignal(false);
  const [chosen, setChosen] = createSignal(-1);
  let input: HTMLTextAreaElement | undefined;
  const offers = createMemo((): Offer[] => {
    const now = piece();
    if (now === null || !open()) return [];
    const all = offersFor(now, props.fields, props.functions);
    // What stands there already is no offer.
    const same = all.length === 1 && all[0]?.text === now.text;
    return same ? [] : all;
  });
  const look = (): void => {
    if (input === undefined) return;
    setPiece(pieceAt(input.value, input.selectionStart));
    setChosen(-1);
  };
  const take = (offer: Offer | undefined): void => {
    const now = piece();
    if (offer === undefined || now === null || input === undefined) return;
    const { text, cursor } = taken(input.value, now, offer);
    input.value = text;
    input.setSelectionRange(cursor, cursor);
    props.onInput(text);
    setOpen(offer.insert.endsWith("()") && offer.back > 0);
    look();
  };
  const move = (step: number): void => {
    setOpen(true);
    if (piece() === null) look();
    setChosen((at) => stepped(at, step, offers().length));
    document.getElementById(offerId(id, chosen()))?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offered = offers()[chosen()] ?? offers()[0];
    if (step !== undefined && (offers().length > 0 || step > 0)) move(step);
    else if (
      event.key === "Tab" &&
      !event.shiftKey &&
      offered !== undefined &&
      piece()?.text !== ""
    )
      take(offered);
    else if (event.key === "Enter" && !event.metaKey && !event.ctrlKey) {
      if (chosen() >= 0) take(offers()[chosen()]);
      else input?.form?.requestSubmit();
    } else if (event.key === "Escape" && offers().length > 0) setOpen(false);
    else if (event.key === "Backspace" && input?.value === "") props.onEmptyBack();
    else return;
    event.preventDefault();
  };
  return (
    <span class="anchor exin">
      <textarea
        ref={(element) => {
          input = element;
          props.ref(element);
        }}
        class="in mono"
        rows={1}
        aria-label={props.label}
        aria-autocomplete="list"
        aria-controls={offers().length > 0 ? id : undefined}
        aria-activedescendant={chosen() >= 0 ? offerId(id, chosen()) : undefined}
        aria-invalid={props.bad}
        aria-describedby={props.describedBy}
        placeholder={props.placeholder}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        value={props.value}
        onInput={(event) => {
          setOpen(true);
          props.onInput(event.currentTarget.value);
          look();
        }}
        onClick={look}
        onKeyUp={(event) => /^(Arrow(Left|Right)|Home|End)$/.test(event.key) && look()}
        onBlur={() => {
          setOpen(false);
          setChosen(-1);
        }}
        onKeyDown={onKey}
      />
      <Offers
        id={id}
        label={`For ${props.label}`}
        offers={offers()}
        chosen={chosen()}
        find={piece()?.text ?? ""}
        onTake={take}
      />
    </span>
  );
}
