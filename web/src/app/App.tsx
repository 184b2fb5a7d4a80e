// SPDX-License-Identifier: Apache-2.0
// The frame around every screen, and which screen a path shows.
import { Navigate, Route, Router, useLocation, useNavigate } from "@solidjs/router";
import { createSignal, ErrorBoundary, lazy, Show, Suspense, type JSX } from "solid-js";
import { ErrorsPage } from "../pages/errors/ErrorsPage";
import { LogsPage } from "../pages/logs/LogsPage";
import { RequestsPage } from "../pages/requests/RequestsPage";
import { StartPage } from "../pages/start/StartPage";
import { TracePage } from "../pages/trace/TracePage";
import { Empty } from "../parts/Notes";
import { Foot } from "../parts/Foot";
import { GoTo } from "./GoTo";
import { KeySheet } from "./KeySheet";
import { useKeys } from "./keys";
import { notice } from "./notice";
import { createServerState, ServerStateContext, useServerState } from "./status";
import { TopBar } from "./TopBar";
import { travelling } from "./view";

// Screens that draw charts come when they are first looked at.
const ExplorePage = lazy(() =>
  import("../pages/explore/ExplorePage").then(({ ExplorePage: Page }) => ({ default: Page })),
);

const BoardsPage = lazy(() =>
  import("../pages/boards/BoardsPage").then(({ BoardsPage: Page }) => ({ default: Page })),
);
const BoardPage = lazy(() =>
  import("../pages/boards/BoardPage").then(({ BoardPage: Page }) => ({ default: Page })),
);
const DiffPage = lazy(async () => ({ default: (await import("../pages/diff/DiffPage")).DiffPage }));
const MapPage = lazy(async () => ({ default: (await import("../pages/map/MapPage")).MapPage }));

function Frame(props: { children?: JSX.Element }): JSX.Element {
  const navigate = useNavigate();
  const location = useLocation();
  const [open, setOpen] = createSignal<"goto" | "keys" | null>(null);
  const to = (path: string) => () => navigate(path + travelling(location.search));
  useKeys({
    "Mod+k": () => setOpen("goto"),
    "?": () => setOpen("keys"),
    "g r": to("/requests"),
    "g e": to("/explore"),
    "g i": to("/errors"),
    "g l": to("/logs"),
    "g b": to("/boards"),
    "g m": to("/map"),
    "g s": () => navigate("/setup"),
  });
  const close = (): unknown => setOpen(null);
  return (
    <ServerStateContext.Provider value={createServerState()}>
      <TopBar onGoTo={() => setOpen("goto")} />
      <ErrorBoundary fallback={(error: unknown) => <Broken error={error} />}>
        <Suspense fallback={<main aria-label="Loading" />}>{props.children}</Suspense>
      </ErrorBoundary>
      {/* There before it says anything, or screen readers do not read it out. */}
      <p
        class="notice"
        role="status"
        classList={{ on: notice().text !== "", bad: notice().failed }}
      >
        {notice().text}
      </p>
      <Show when={open() === "goto"}>
        <GoTo onClose={close} />
      </Show>
      <Show when={open() === "keys"}>
        <KeySheet onClose={close} />
      </Show>
    </ServerStateContext.Provider>
  );
}

/** A fault of the page itself: said, not hidden, with a way on. */
function Broken(props: { error: unknown }): JSX.Element {
  return (
    <>
      <main aria-label="Fault">
        <Empty title="This screen broke.">
          {props.error instanceof Error ? props.error.message : String(props.error)}{" "}
          <button class="link" onClick={() => location.reload()}>
            Load it again
          </button>
        </Empty>
      </main>
      <Foot hints={[]}>a fault of the page</Foot>
    </>
  );
}

/** Set-up until something arrived, then Requests. */
function Home(): JSX.Element {
  const server = useServerState();
  const location = useLocation();
  return (
    <Show when={server.status()} fallback={<main aria-label="Skep" />}>
      {(status) => {
        const empty = status().store.rows === 0 && status().sink.acknowledged === 0;
        return <Navigate href={empty ? "/setup" : `/requests${location.search}`} />;
      }}
    </Show>
  );
}

function NoPage(): JSX.Element {
  return (
    <>
      <main aria-label="Not found">
        <Empty title="There is no such page.">
          <a class="link" href="/requests">
            Go to Requests
          </a>
        </Empty>
      </main>
      <Foot hints={[]}>nothing here</Foot>
    </>
  );
}

export function App(): JSX.Element {
  return (
    <Router root={Frame}>
      <Route path="/" component={Home} />
      <Route path="/requests" component={RequestsPage} />
      <Route path="/trace/:id" component={TracePage} />
      <Route path="/explore" component={ExplorePage} />
      <Route path="/boards" component={BoardsPage} />
      <Route path="/boards/:id" component={BoardPage} />
      <Route path="/diff/:a?/:b?" component={DiffPage} />
      <Route path="/map" component={MapPage} />
      <Route path="/errors/:counter?" component={ErrorsPage} />
      <Route path="/logs" component={LogsPage} />
      <Route path="/setup" component={StartPage} />
      <Route path="*" component={NoPage} />
    </Router>
  );
}
