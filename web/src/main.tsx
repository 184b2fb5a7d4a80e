// SPDX-License-Identifier: Apache-2.0
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/controls.css";
import "./styles/marks.css";
import "./styles/lists.css";
import "./styles/popups.css";
import "./styles/requests.css";
import "./styles/trace.css";
import "./styles/waterfall.css";
import "./styles/findings.css";
import "./styles/joins.css";
import "./styles/diff.css";
import "./styles/map.css";
import "./styles/details.css";
import "./styles/stack.css";
import "./styles/start.css";
import "./styles/example.css";
import "./styles/logs.css";
import "./styles/errors.css";
import { render } from "solid-js/web";
import { App } from "./app/App";

const root = document.getElementById("page");
if (root !== null) render(() => <App />, root);
