// SPDX-License-Identifier: Apache-2.0
// A canvas that repaints when its size, the theme or anything its painter reads changes. Painters work in CSS pixels
// and take their colours from the design's tokens.
import { createEffect, createSignal, onCleanup, onMount } from "solid-js";
import { paintCount } from "../app/theme";

export interface Paper {
  g: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** The colour of a token, as the theme has it now. */
  ink: (token: string) => string;
}

/** Call with the painter; give the result to the canvas as its `ref`. */
export function createCanvas(paint: (paper: Paper) => void): (canvas: HTMLCanvasElement) => void {
  return (canvas) => {
    const [size, setSize] = createSignal({ width: 0, height: 0 }, { equals: false });
    onMount(() => {
      const observer = new ResizeObserver(() =>
        setSize({ width: canvas.clientWidth, height: canvas.clientHeight }),
      );
      observer.observe(canvas);
      onCleanup(() => observer.disconnect());
    });
    createEffect(() => {
      const { width, height } = size();
      paintCount();
      if (width === 0 || height === 0) return;
      const ratio = devicePixelRatio;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const g = canvas.getContext("2d");
      if (g === null) return;
      g.scale(ratio, ratio);
      const style = getComputedStyle(canvas);
      g.font = `11px ${style.fontFamily}`;
      paint({ g, width, height, ink: (token) => tokenColour(canvas, token) });
    });
  };
}

/** light-dark() is resolved by setting the token as the colour of an element. */
export function tokenColour(element: HTMLElement, token: string): string {
  element.style.color = `var(--${token})`;
  return getComputedStyle(element).color;
}
