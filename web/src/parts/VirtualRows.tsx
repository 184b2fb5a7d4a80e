// SPDX-License-Identifier: Apache-2.0
// A long list of which only the rows in sight exist. On a wide screen its own element scrolls, on a narrow one the
// whole page does. Rows may differ in height: each is measured.
import { createVirtualizer, createWindowVirtualizer } from "@tanstack/solid-virtual";
import {
  createEffect,
  createSignal,
  For,
  on,
  onCleanup,
  onMount,
  Show,
  type Accessor,
  type JSX,
} from "solid-js";
import { narrow } from "../app/narrow";

export interface VirtualRowsProps<T> {
  items: readonly T[];
  rowHeight: number;
  scroller: Accessor<HTMLElement | undefined>;
  children: (item: Accessor<T>, index: Accessor<number>) => JSX.Element;
  /** Called when the end is near. */
  onEnd?: () => void;
  /** Given once: brings a row into sight. */
  reveal?: (reveal: (index: number) => void) => void;
}

type Virtualizer = ReturnType<typeof createVirtualizer<HTMLElement, HTMLElement>>;

function Rows<T>(props: {
  list: VirtualRowsProps<T>;
  virtualizer: Virtualizer;
  margin: number;
  container: (element: HTMLElement) => void;
}): JSX.Element {
  const rows = () => props.virtualizer.getVirtualItems();
  createEffect(() => {
    const last = rows().at(-1)?.index ?? -1;
    if (last >= props.list.items.length - 10 && last >= 0) props.list.onEnd?.();
  });
  onMount(() =>
    // eslint-disable-next-line solid/reactivity -- called by key presses, never tracked
    props.list.reveal?.((index) => props.virtualizer.scrollToIndex(index, { align: "auto" })),
  );
  const measure = (element: HTMLElement): void => {
    // eslint-disable-next-line solid/reactivity -- the virtualizer stays the same
    queueMicrotask(() => {
      if (element.isConnected) props.virtualizer.measureElement(element);
    });
  };
  return (
    <div
      ref={props.container}
      role="presentation"
      style={{ height: `${props.virtualizer.getTotalSize()}px`, position: "relative" }}
    >
      <div
        role="presentation"
        style={{ transform: `translateY(${(rows()[0]?.start ?? 0) - props.margin}px)` }}
      >
        <For each={rows()}>
          {(row) => (
            <Show when={props.list.items[row.index]}>
              {(item) => (
                <div role="presentation" data-index={row.index} ref={measure}>
                  {props.list.children(item, () => row.index)}
                </div>
              )}
            </Show>
          )}
        </For>
      </div>
    </div>
  );
}

function InElement<T>(props: { list: VirtualRowsProps<T> }): JSX.Element {
  // Before it stands in the page, an element has no window of its own, and the virtualizer would watch nothing.
  const [mounted, setMounted] = createSignal(false);
  // What stands above the rows in the same scroller: a head that sticks to its top.
  const [head, setHead] = createSignal(0);
  let container: HTMLElement | undefined;
  onMount(() => {
    const scroller = props.list.scroller();
    if (container !== undefined && scroller !== undefined) {
      const above = container.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      setHead(above + scroller.scrollTop);
    }
    setMounted(true);
  });
  const virtualizer = createVirtualizer<HTMLElement, HTMLElement>({
    get count() {
      return props.list.items.length;
    },
    get scrollMargin() {
      return head();
    },
    get scrollPaddingStart() {
      return head();
    },
    getScrollElement: () => (mounted() ? (props.list.scroller() ?? null) : null),
    estimateSize: () => props.list.rowHeight,
    overscan: 12,
  });
  return (
    <Rows
      list={props.list}
      virtualizer={virtualizer}
      margin={head()}
      container={(element) => (container = element)}
    />
  );
}

function InWindow<T>(props: { list: VirtualRowsProps<T> }): JSX.Element {
  const [margin, setMargin] = createSignal(0);
  let container: HTMLElement | undefined;
  const place = (): void => {
    if (container !== undefined) setMargin(container.getBoundingClientRect().top + scrollY);
  };
  onMount(() => {
    place();
    const observer = new ResizeObserver(place);
    observer.observe(document.body);
    onCleanup(() => observer.disconnect());
  });
  createEffect(on(() => props.list.items, place, { defer: true }));
  const virtualizer = createWindowVirtualizer<HTMLElement>({
    get count() {
      return props.list.items.length;
    },
    get scrollMargin() {
      return margin();
    },
    // The bars at the top and at the foot of a phone's screen lie over the page.
    scrollPaddingStart: 90,
    scrollPaddingEnd: 60,
    estimateSize: () => props.list.rowHeight,
    overscan: 8,
  });
  return (
    <Rows
      list={props.list}
      virtualizer={virtualizer as unknown as Virtualizer}
      margin={margin()}
      container={(element) => (container = element)}
    />
  );
}

export function VirtualRows<T>(props: VirtualRowsProps<T>): JSX.Element {
  return (
    <Show when={narrow()} fallback={<InElement list={props} />}>
      <InWindow list={props} />
    </Show>
  );
}
