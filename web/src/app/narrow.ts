// SPDX-License-Identifier: Apache-2.0
// Whether the page is one column that scrolls as a whole (under 860 px). CSS says the same in its media queries.
import { createSignal } from "solid-js";

const query = matchMedia("(max-width: 860px)");
const [narrow, setNarrow] = createSignal(query.matches);
query.addEventListener("change", () => setNarrow(query.matches));
export { narrow };
