// SPDX-License-Identifier: Apache-2.0
import "./styles/tokens.css";
import { render } from "solid-js/web";

const root = document.getElementById("page");
if (root !== null) render(() => <h1>skep</h1>, root);
