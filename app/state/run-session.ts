/**
 * One opened run: what the server said of it, kept as long as it is true. Components follow its stores; edits go through
 * {@link RunSession.edit}, after which everything that they changed is asked for again.
 */
import type {
  ClusterView,
  CodeView,
  CompareView,
  ConfusionView,
  DecodeRequest,
  EditRequest,
  EditState,
  FoundImages,
  ImageView,
  KeptViews,
  KView,
  RunEvent,
  RunView,
  ViewRequest,
} from "../../src/explorer/protocol.ts";
import { type Backend, backend, connection, type Offers, type PictureAddress } from "./backend.ts";
import { postForPicture, preparations, ServerError } from "./client.ts";
import { createStore, type Store } from "./store.ts";
import { faultText } from "./words.ts";

/** What is asked for, at hand, or failed (with words for people). */
export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly error: string };

const loading = { state: "loading" } as const;

export type Numbers = Int32Array | Float32Array;

/** A line that tells what was done or went wrong, and what to do about it. */
export interface Notice {
  readonly kind: "done" | "error";
  readonly text: string;
}

export interface RunSession {
  readonly id: string;
  /** What can be done, beside looking. */
  readonly offers: Offers;
  readonly view: Store<Loaded<RunView>>;
  readonly clusters: Store<Loaded<readonly ClusterView[]>>;
  readonly confusion: Store<Loaded<ConfusionView>>;
  readonly edits: Store<Loaded<EditState>>;
  /** Pictures that are kept for the report. */
  readonly views: Store<Loaded<KeptViews>>;
  readonly notice: Store<Notice | null>;
  /** Whether an edit is under way. */
  readonly busy: Store<boolean>;
  array(name: string): Store<Loaded<Numbers>>;
  /** Clusters of all images when the run's features are cut into k. */
  kView(k: number): Promise<KView>;
  image(index: number): Promise<ImageView>;
  sheet(index: number): Promise<Uint8Array>;
  picture(kind: "images" | "reconstructions" | "centers", index: number, scale?: number): PictureAddress;
  /** Address of a page that lies with the run; null where there is none. */
  link(file: string): string | null;
  /** Images by number or a part of their name. */
  find(text: string): Promise<FoundImages>;
  /** The code of an image (`i12`), the center of a cluster as it is now (`c3`), or a place (`p0.5,-1`). */
  code(end: string): Promise<CodeView>;
  /** What lies at codes or places, as one picture. */
  decode(request: DecodeRequest): Promise<Blob>;
  compare(other: string): Promise<CompareView>;
  /** Asks for what was not asked for before. */
  wantClusters(): void;
  wantConfusion(): void;
  wantViews(): void;
  /** Keeps, words or removes a view, and tells how it went; whether it was done. */
  changeViews(what: ViewRequest, done: string): Promise<boolean>;
  /** Asks again for what failed. */
  retry(): void;
  /** Does an edit, tells how it went, and reloads what it changed; whether it was done. */
  edit(what: EditRequest["do"], done: string): Promise<boolean>;
  close(): void;
}

/** What every view of a run is given. */
export interface RunProps {
  readonly session: RunSession;
  readonly view: RunView;
  /** Null until they are there. */
  readonly edits: EditState | null;
}

export function openRun(id: string, from: Backend = backend()): RunSession {
  const view = createStore<Loaded<RunView>>(loading);
  const clusters = createStore<Loaded<readonly ClusterView[]>>(loading);
  const confusion = createStore<Loaded<ConfusionView>>(loading);
  const edits = createStore<Loaded<EditState>>(loading);
  const views = createStore<Loaded<KeptViews>>(loading);
  const notice = createStore<Notice | null>(null);
  const busy = createStore(false);
  const arrays = new Map<string, Store<Loaded<Numbers>>>();
  const sheets = new Map<number, Promise<Uint8Array>>();
  const images = new Map<number, Promise<ImageView>>();
  const wanted = { clusters: false, confusion: false };
  let closed = false;
  /** Counts what makes earlier pictures and answers untrue, to ask past the browser's cache. */
  let generation = 0;

  async function load<T>(store: Store<Loaded<T>>, asked: () => Promise<T>): Promise<void> {
    const now = generation;
    try {
      const value = await asked();
      if (!closed && now === generation) store.set({ state: "ready", value });
    } catch (error) {
      if (!closed && now === generation) store.set({ state: "failed", error: faultText(error) });
    }
  }

  const loadView = (): Promise<void> => load(view, () => from.json<RunView>(id, ""));
  const loadEdits = (): Promise<void> => load(edits, () => from.json<EditState>(id, "edits"));
  const loadClusters = (): Promise<void> =>
    load(clusters, () => from.json<readonly ClusterView[]>(id, "clusters"));
  const loadConfusion = (): Promise<void> => load(confusion, () => from.json<ConfusionView>(id, "confusion"));
  const loadArray = (name: string, store: Store<Loaded<Numbers>>): Promise<void> =>
    load(store, async () => {
      const bytes = await from.bytes(id, `arrays/${name}`);
      const whole = /^(original-)?cluster$|^class$|^k-\d+$/.test(name);
      return whole ? new Int32Array(bytes) : new Float32Array(bytes);
    });

  /** After an edit, here or elsewhere. What is shown stays until the new is there. */
  function reloadEdited(withState = true): Promise<unknown> {
    generation++;
    images.clear();
    const asked = [loadView()];
    if (withState) asked.push(loadEdits());
    if (wanted.clusters) asked.push(loadClusters());
    if (wanted.confusion) asked.push(loadConfusion());
    for (const [name, store] of arrays) {
      // What was on its way in an earlier generation is asked for again too.
      if (name === "cluster" || store.get().state !== "ready") asked.push(loadArray(name, store));
    }
    return Promise.all(asked);
  }

  let endListening: (() => void) | undefined;
  function listen(): void {
    endListening?.();
    endListening = from.listen(id, heed);
  }
  function heed(event: RunEvent): void {
    if (event.kind === "edited") {
      const seen = edits.get();
      if (seen.state !== "ready" || event.version > seen.value.version) {
        if (!busy.get()) void reloadEdited();
      }
      return;
    }
    const next = new Map(preparations.get());
    if (event.kind === "preparing") next.set(event.what, event.done);
    else {
      next.delete(event.what);
      images.clear();
      prepared.set(prepared.get() + 1);
      if (event.what === "images") void loadView();
    }
    preparations.set(next);
  }

  const endFollowing = connection.follow((now) => {
    if (now === "there" && !closed) {
      void reloadEdited();
      listen();
    }
  });

  const session: RunSession = {
    id,
    offers: from.offers,
    view,
    clusters,
    confusion,
    edits,
    views,
    notice,
    busy,
    array(name) {
      const known = arrays.get(name);
      if (known) return known;
      const store = createStore<Loaded<Numbers>>(loading);
      arrays.set(name, store);
      void loadArray(name, store);
      return store;
    },
    kView: (k) => from.json<KView>(id, `k/${k}`),
    image(index) {
      const known = images.get(index);
      if (known) return known;
      const asked = from.json<ImageView>(id, `images/${index}`);
      images.set(index, asked);
      asked.catch(() => images.delete(index));
      if (images.size > 2000) images.delete(images.keys().next().value as number);
      return asked;
    },
    sheet(index) {
      const known = sheets.get(index);
      if (known) return known;
      const asked = from.bytes(id, `atlas/${index}`).then((bytes) => new Uint8Array(bytes));
      sheets.set(index, asked);
      asked.catch(() => sheets.delete(index));
      return asked;
    },
    picture(kind, index, scale) {
      const query = scale === undefined ? "" : `?scale=${scale}`;
      // Centers change with edits; images do not, and stay in the browser's cache.
      const path = `${kind}/${index}.png${query}`;
      const edited = `${path}${query ? "&" : "?"}edit=${versionOf(edits)}`;
      return from.picture(id, kind === "centers" ? edited : path);
    },
    link: (file) => from.link(id, file),
    find: (text) => from.json<FoundImages>(id, `find?text=${encodeURIComponent(text)}`),
    code: (end) => from.json<CodeView>(id, `codes/${encodeURIComponent(end)}`),
    decode: (request) => postForPicture(id, "decode", request),
    compare: (other) => from.json<CompareView>(id, `compare/${encodeURIComponent(other)}`),
    wantClusters() {
      if (wanted.clusters) return;
      wanted.clusters = true;
      void loadClusters();
    },
    wantConfusion() {
      if (wanted.confusion) return;
      wanted.confusion = true;
      void loadConfusion();
    },
    wantViews() {
      from.json<KeptViews>(id, "views").then(
        (value) => views.set({ state: "ready", value }),
        (error) => views.set({ state: "failed", error: faultText(error) }),
      );
    },
    async changeViews(what, done) {
      busy.set(true);
      try {
        const value = await from.post<KeptViews>(id, "views", what);
        views.set({ state: "ready", value });
        notice.set({ kind: "done", text: done });
        return true;
      } catch (error) {
        notice.set({ kind: "error", text: faultText(error) });
        return false;
      } finally {
        busy.set(false);
      }
    },
    retry() {
      if (view.get().state === "failed") {
        view.set(loading);
        void loadView();
      }
      if (edits.get().state === "failed") void loadEdits();
      if (wanted.clusters && clusters.get().state === "failed") {
        clusters.set(loading);
        void loadClusters();
      }
      if (wanted.confusion && confusion.get().state === "failed") {
        confusion.set(loading);
        void loadConfusion();
      }
      for (const [name, store] of arrays) {
        if (store.get().state !== "failed") continue;
        store.set(loading);
        void loadArray(name, store);
      }
    },
    edit(what, done) {
      const next = editing.then(() => doEdit(what, done));
      editing = next.then(() => {});
      return next;
    },
    close() {
      closed = true;
      endListening?.();
      endFollowing();
      preparations.set(new Map());
    },
  };

  /** Edits wait for each other: pressing Ctrl-Z twice undoes two. */
  let editing: Promise<void> = Promise.resolve();
  async function doEdit(what: EditRequest["do"], done: string): Promise<boolean> {
    const state = edits.get();
    if (state.state !== "ready") return false;
    busy.set(true);
    notice.set(null);
    try {
      const next = await from.post<EditState>(id, "edits", { version: state.value.version, do: what });
      edits.set({ state: "ready", value: next });
      await reloadEdited(false);
      notice.set({ kind: "done", text: done });
      return true;
    } catch (error) {
      const conflict = error instanceof ServerError && error.status === 409;
      if (conflict) await reloadEdited();
      notice.set({
        kind: "error",
        text: conflict
          ? "Not done: the clusters were changed elsewhere in the meantime (another page, or `unlabeled name`). What you see now is how they are; look, and do it again if it still makes sense."
          : faultText(error),
      });
      return false;
    } finally {
      busy.set(false);
    }
  }

  void loadView();
  void loadEdits();
  listen();
  return session;
}

/** Counts the things that the server finished: who shows something half made asks again. */
export const prepared: Store<number> = createStore(0);

function versionOf(edits: Store<Loaded<EditState>>): number {
  const state = edits.get();
  return state.state === "ready" ? state.value.version : 0;
}
