import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RunView as View } from "../../src/explorer/protocol.ts";
import { formatMeasure, measureExplanation, measureLabel } from "../../src/presentation/index.ts";
import { ClustersView } from "../clusters/clusters-view.tsx";
import { CompareView } from "../compare/compare-view.tsx";
import { ConfusionView } from "../confusion/confusion-view.tsx";
import { DecodeView } from "../decode/decode-view.tsx";
import { NumberOfClusters } from "../k/k-view.tsx";
import { LiveChip } from "../live/live-chip.tsx";
import { NewRun } from "../live/new-run.tsx";
import { MapView } from "../map/map-view.tsx";
import { Asked } from "../parts/parts.tsx";
import { RunView } from "../run/run-view.tsx";
import { SavedViews } from "../run/saved-views.tsx";
import { address, goTo, openedRun, type Tab, tabs } from "../state/address.ts";
import { backend, connection } from "../state/backend.ts";
import { preparations } from "../state/client.ts";
import { type Loaded, openRun, type RunProps, type RunSession } from "../state/run-session.ts";
import { createStore, useStore } from "../state/store.ts";
import { chooseTheme, type ThemeChoice, themeChoice } from "../state/theme.ts";
import { count, images } from "../state/words.ts";
import { StepsView } from "../steps/steps-view.tsx";
import { Help } from "./help.tsx";
import { RunPicker } from "./run-picker.tsx";

const tabLabels: Readonly<Record<Tab, string>> = {
  map: "Map",
  clusters: "Clusters",
  confusion: "Confusion",
  k: "Number of clusters",
  decode: "Decode",
  compare: "Compare",
  run: "Run",
  steps: "Steps",
};

const tabViews: Readonly<Record<Tab, (props: RunProps) => VNode>> = {
  map: MapView,
  clusters: ClustersView,
  confusion: ConfusionView,
  k: NumberOfClusters,
  decode: DecodeView,
  compare: CompareView,
  run: WholeRun,
  steps: StepsView,
};

/** The whole page. */
export function App(): VNode {
  const { run, page } = useStore(address);
  const there = useStore(connection) === "there";
  const [session, setSession] = useState<RunSession | null>(null);
  const [helping, setHelping] = useState(false);
  useEffect(() => {
    if (run === null) {
      setSession(null);
      return;
    }
    const opened = openRun(run);
    setSession(opened);
    return () => opened.close();
  }, [run]);
  const shownTabs = useTabs(session);
  useKeys(session, shownTabs, () => setHelping(true));
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      {!there && (
        <div class="gone" role="alert">
          The server does not answer. See whether <code>unlabeled explore</code> still runs in its terminal;
          trying again …
        </div>
      )}
      {run === null || session === null || session.id !== run ? (
        <>
          <TopBar onHelp={() => setHelping(true)} />
          <main id="content" tabIndex={-1}>
            {run === null && (page === "new" ? <NewRun /> : <RunPicker />)}
          </main>
        </>
      ) : (
        <OpenedRun session={session} shownTabs={shownTabs} onHelp={() => setHelping(true)} />
      )}
      {helping && (
        <Help
          views={shownTabs.map((name) => tabLabels[name])}
          edits={session?.offers.edits ?? true}
          onClose={() => setHelping(false)}
        />
      )}
    </>
  );
}

function skip(): void {
  document.getElementById("content")?.focus();
}

/** The views that the run can be seen in, where it comes from. */
function useTabs(session: RunSession | null): readonly Tab[] {
  const loaded = useStore(session?.view ?? noView);
  const view = loaded.state === "ready" ? loaded.value : null;
  return useMemo(() => {
    const { offers } = backend();
    const hasPanel = (view?.record as { numberOfClusters?: unknown } | null)?.numberOfClusters !== undefined;
    const offered: Partial<Record<Tab, boolean>> = {
      k: offers.k || hasPanel,
      decode: offers.decoding,
      compare: offers.runs,
      steps: offers.k,
    };
    return tabs.filter((tab) => offered[tab] ?? true);
  }, [view]);
}
const noView = createStore<Loaded<View>>({ state: "loading" });

function OpenedRun({
  session,
  shownTabs,
  onHelp,
}: {
  session: RunSession;
  shownTabs: readonly Tab[];
  onHelp: () => void;
}): VNode {
  const loaded = useStore(session.view);
  const state = useStore(session.edits);
  const asked = useStore(address).tab;
  const tab = shownTabs.includes(asked) ? asked : "map";
  const edits = state.state === "ready" ? state.value : null;
  const view = loaded.state === "ready" ? loaded.value : null;
  const Shown = tabViews[tab];
  useEffect(() => {
    document.title = view ? `${view.name} · ${tabLabels[tab]} · unlabeled` : "unlabeled explorer";
  }, [view, tab]);
  return (
    <>
      <TopBar onHelp={onHelp} session={session} view={view} />
      <Tabs tab={tab} shown={shownTabs} />
      <FolderLine />
      <Notices session={session} />
      {/* The view that is all words is scrolled by keys as well. */}
      <main id="content" tabIndex={tab === "run" ? 0 : -1} class={`tab-${tab}`}>
        <div class="panel" role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`}>
          <Asked of={loaded} what="The run is being opened …" retry={session.retry}>
            {(run) => <Shown session={session} view={run} edits={edits} />}
          </Asked>
        </div>
      </main>
    </>
  );
}

/** The run in words, and where its report lies. */
function WholeRun({ session, view, edits }: RunProps): VNode {
  const report = session.link("report.html");
  return (
    <>
      {report !== null && (
        <p class="report-link">
          <a href={report} target="_blank" rel="noreferrer">
            Open the report ↗
          </a>
        </p>
      )}
      <RunView view={view} edits={edits} />
      {session.offers.edits && <SavedViews session={session} />}
    </>
  );
}

function TopBar({
  session,
  view,
  onHelp,
}: {
  session?: RunSession;
  view?: View | null;
  onHelp: () => void;
}): VNode {
  return (
    <header class="top">
      {backend().offers.runs ? (
        <button type="button" class="home" title="All runs" onClick={() => goTo(openedRun(null))}>
          <Mark />
          <span>unlabeled</span>
        </button>
      ) : (
        <span class="home">
          <Mark />
          <span>unlabeled</span>
        </span>
      )}
      {view && <Title view={view} />}
      <div class="top-right">
        {backend().offers.runs && <LiveChip />}
        {session?.offers.edits && <UndoRedo session={session} />}
        <ThemeSwitch />
        <button
          type="button"
          class="quiet"
          aria-label="Keys and help"
          title="Keys and help (?)"
          onClick={onHelp}
        >
          ?
        </button>
      </div>
    </header>
  );
}

/** What a page that comes from a folder is, and of what. */
function FolderLine(): VNode | null {
  const { manifest } = backend();
  if (!manifest) return null;
  const { imagesOfRun, madeAt, entry } = manifest;
  const here = manifest.numbered ? manifest.imagesInFolder : imagesOfRun;
  return (
    <p class="folder-line">
      Exported on {madeAt.slice(0, 10)}, to look at: edits, other numbers of clusters and new maps need{" "}
      <code>unlabeled explore</code>.
      {here < imagesOfRun && (
        <strong>
          {" "}
          Map and legend show a sample of {count(here)} of the {images(imagesOfRun)} of {entry.source}; sizes
          and shares of clusters, scores and the confusion matrix are of all.
        </strong>
      )}
    </p>
  );
}

function Mark(): VNode {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" class="mark">
      <circle cx="10" cy="11" r="5" />
      <circle cx="22" cy="8" r="3.6" />
      <circle cx="22" cy="21" r="6" />
      <circle cx="9" cy="23" r="4" />
    </svg>
  );
}

const headScores = ["accuracy", "nmi", "ari", "purity", "silhouette"];

function Title({ view }: { view: View }): VNode {
  const scores = headScores.filter((name) => view.scores[name] !== undefined).slice(0, 3);
  return (
    <div class="title">
      <h1>{view.method}</h1>
      <span class="soft">
        {view.source} · {images(view.count)} · {count(view.clusters)} clusters · seed {view.seed}
      </span>
      <dl class="head-scores">
        {scores.map((name) => (
          <div key={name} title={measureExplanation(name)}>
            <dt>{measureLabel(name)}</dt>
            <dd class="number">{formatMeasure(name, view.scores[name] ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function UndoRedo({ session }: { session: RunSession }): VNode {
  const state = useStore(session.edits);
  const busy = useStore(session.busy);
  const edits = state.state === "ready" ? state.value : null;
  return (
    <span class="segments">
      <button
        type="button"
        title="Undo (Ctrl-Z)"
        disabled={!edits?.canUndo || busy}
        onClick={() => void session.edit({ kind: "undo" }, "Undone.")}
      >
        Undo
      </button>
      <button
        type="button"
        title="Redo (Ctrl-Shift-Z)"
        disabled={!edits?.canRedo || busy}
        onClick={() => void session.edit({ kind: "redo" }, "Done again.")}
      >
        Redo
      </button>
    </span>
  );
}

const nextTheme: Readonly<Record<ThemeChoice, ThemeChoice>> = {
  system: "light",
  light: "dark",
  dark: "system",
};
const themeWords: Readonly<Record<ThemeChoice, readonly [sign: string, words: string]>> = {
  system: ["◐", "as the system has it"],
  light: ["○", "light"],
  dark: ["●", "dark"],
};

function ThemeSwitch(): VNode {
  const choice = useStore(themeChoice);
  const [sign, words] = themeWords[choice];
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Theme: ${words}. Switch to ${themeWords[nextTheme[choice]][1]}.`}
      title={`Theme: ${words}`}
      onClick={() => chooseTheme(nextTheme[choice])}
    >
      {sign}
    </button>
  );
}

function Tabs({ tab, shown }: { tab: Tab; shown: readonly Tab[] }): VNode {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = shown[(shown.indexOf(tab) + by + shown.length) % shown.length] as Tab;
    goTo({ tab: next });
    (list.current?.querySelector(`#tab-${next}`) as HTMLElement | null)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views of the run" ref={list} onKeyDown={onKeyDown}>
      {shown.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={tab === name}
          aria-controls="panel"
          tabIndex={tab === name ? 0 : -1}
          onClick={() => goTo({ tab: name })}
        >
          {tabLabels[name]}
        </button>
      ))}
    </div>
  );
}

/** What was done or went wrong, and what the server is making. */
function Notices({ session }: { session: RunSession }): VNode {
  const notice = useStore(session.notice);
  const making = useStore(preparations);
  useEffect(() => {
    if (notice?.kind !== "done") return;
    const timer = setTimeout(() => session.notice.set(null), 6000);
    return () => clearTimeout(timer);
  }, [notice, session]);
  const state = useStore(session.edits);
  const other = [...making].find(([what]) => !what.startsWith("arrays/") && !what.startsWith("atlas/"));
  return (
    <div class="notices">
      {state.state === "failed" && (
        <div class="notice error" role="alert">
          <span>{state.error}</span>
          <button type="button" onClick={session.retry}>
            Try again
          </button>
        </div>
      )}
      <div aria-live="polite">
        {notice && (
          <div class={`notice ${notice.kind}`} role={notice.kind === "error" ? "alert" : undefined}>
            <span>{notice.text}</span>
            <button
              type="button"
              class="quiet"
              aria-label="Close this message"
              onClick={() => session.notice.set(null)}
            >
              ✕
            </button>
          </div>
        )}
      </div>
      {other && (
        <div class="making">
          <span>The server is making: {other[0]}</span>
          <progress value={other[1]} max={1} aria-label={other[0]} />
        </div>
      )}
    </div>
  );
}

/** Keys that work everywhere but while one writes. */
function useKeys(session: RunSession | null, shownTabs: readonly Tab[], onHelp: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const writing = (event.target as HTMLElement).closest?.("input:not([type=range]),textarea,select");
      if (writing) return;
      const command = event.ctrlKey || event.metaKey;
      const editable = session?.offers.edits === true;
      if (command && event.key.toLowerCase() === "z" && editable) {
        event.preventDefault();
        void session.edit(
          { kind: event.shiftKey ? "redo" : "undo" },
          event.shiftKey ? "Done again." : "Undone.",
        );
      } else if (command && event.key.toLowerCase() === "y" && editable) {
        event.preventDefault();
        void session.edit({ kind: "redo" }, "Done again.");
      } else if (!command && !event.altKey && event.key === "?") onHelp();
      else if (!command && !event.altKey && session && /^[1-9]$/.test(event.key)) {
        const tab = shownTabs[Number(event.key) - 1];
        if (tab) goTo({ tab });
      }
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [session, shownTabs, onHelp]);
}
