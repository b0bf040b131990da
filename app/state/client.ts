/** Asks the server, and says in words what went wrong. */
import type { Preparing, RunEvent } from "../../src/explorer/protocol.ts";
import { type Backend, connection } from "./backend.ts";
import { createStore, type Store } from "./store.ts";

export { connection } from "./backend.ts";

/** What is being made on the server for this page, by what it is, and how far (0..1). */
export const preparations: Store<ReadonlyMap<string, number>> = createStore<ReadonlyMap<string, number>>(
  new Map(),
);

/** An answer that is none: its message is for people. */
export class ServerError extends Error {
  /** HTTP status; 0 where the server did not answer at all. */
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.name = "ServerError";
    this.status = status;
  }
}

const tokenKey = "unlabeled-token";
let token = "";

/** Takes the server's token from the page's address; a reload in the same tab needs none. */
export function readToken(): void {
  const behindHash = new URLSearchParams(location.hash.replace(/^#/, ""));
  const said = new URLSearchParams(location.search).get("token") ?? behindHash.get("token");
  try {
    if (said !== null) sessionStorage.setItem(tokenKey, said);
    token = said ?? sessionStorage.getItem(tokenKey) ?? "";
  } catch {
    token = said ?? ""; // storage may be forbidden
  }
}

const pathOf = (run: string): string => `/api/runs/${encodeURIComponent(run)}`;

/** Address below a run, with the token, for pictures and events, which cannot have headers. */
function addressOf(run: string, path: string): string {
  const mark = path.includes("?") ? "&" : "?";
  return `${pathOf(run)}/${path}${mark}token=${encodeURIComponent(token)}`;
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { "X-Unlabeled-Token": token, ...(init.body ? { "Content-Type": "application/json" } : {}) },
    });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    noticeGone();
    throw new ServerError(
      "The explorer's server does not answer. See whether `unlabeled explore` still runs in its terminal; this page goes on by itself once it does.",
      0,
    );
  }
  if (connection.get() === "gone") connection.set("there");
  if (response.ok) return response;
  throw new ServerError(await messageOf(response), response.status);
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => "");
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string") return error;
  } catch {}
  if (response.status === 401 || response.status === 403) {
    return "The server does not know this page's token. Open the address that `unlabeled explore` printed in its terminal.";
  }
  return `The server answered with status ${response.status}. Its terminal may tell more.`;
}

export async function askJson<T>(run: string | null, path = ""): Promise<T> {
  const to = run === null ? "/api/runs" : pathOf(run) + (path === "" ? "" : `/${path}`);
  return (await (await askMade(to, path)).json()) as T;
}

export async function post<T>(run: string, path: string, body: unknown): Promise<T> {
  const response = await ask(`${pathOf(run)}/${path}`, { method: "POST", body: JSON.stringify(body) });
  return (await response.json()) as T;
}

/** A picture that is drawn for what is asked. */
export async function postForPicture(run: string, path: string, body: unknown): Promise<Blob> {
  return (await ask(`${pathOf(run)}/${path}`, { method: "POST", body: JSON.stringify(body) })).blob();
}

/** Address below `/api/live`, with the token, for pictures and events. */
export function liveAddress(path: string): string {
  const mark = path.includes("?") ? "&" : "?";
  return `/api/live/${path}${mark}token=${encodeURIComponent(token)}`;
}

const livePath = (path: string): string => (path === "" ? "/api/live" : `/api/live/${path}`);

/** Asks about the run that is being made. */
export async function askLive<T>(path = ""): Promise<T> {
  return (await (await ask(livePath(path))).json()) as T;
}

export async function askLiveBytes(path: string): Promise<ArrayBuffer> {
  return (await ask(livePath(path))).arrayBuffer();
}

export async function postLive<T>(path: string, body: unknown): Promise<T> {
  return (await (await ask(livePath(path), { method: "POST", body: JSON.stringify(body) })).json()) as T;
}

/** Raw bytes of an array or a sheet. */
async function askBytes(run: string, path: string): Promise<ArrayBuffer> {
  return (await askMade(`${pathOf(run)}/${path}`, path)).arrayBuffer();
}

/** Asks until the server has made what is asked for, and tells how far it is in {@link preparations}. */
async function askMade(to: string, what: string): Promise<Response> {
  try {
    for (let wait = 150; ; wait = Math.min(1000, wait * 1.5)) {
      const response = await ask(to);
      if (response.status !== 202) return response;
      const { done } = (await response.json()) as Preparing;
      note(what, done);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  } finally {
    note(what, null);
  }
}

function note(what: string, done: number | null): void {
  const all = preparations.get();
  if (done === null && !all.has(what)) return;
  const next = new Map(all);
  if (done === null) next.delete(what);
  else next.set(what, done);
  preparations.set(next);
}

let trying: ReturnType<typeof setTimeout> | undefined;

/** Asks again, more and more seldom, until the server is there. */
export function noticeGone(): void {
  connection.set("gone");
  if (trying !== undefined) return;
  let pause = 1000;
  const again = async (): Promise<void> => {
    trying = undefined;
    try {
      await fetch("/api/runs", { headers: { "X-Unlabeled-Token": token } });
      connection.set("there");
    } catch {
      pause = Math.min(10_000, pause * 1.5);
      trying = setTimeout(again, pause);
    }
  };
  trying = setTimeout(again, pause);
}

/** Follows the events of a run; the browser asks again by itself while it may, and a server that is gone is said. */
function listen(run: string, heed: (event: RunEvent) => void): () => void {
  let closed = false;
  const events = new EventSource(addressOf(run, "events"));
  const take = (event: Event): void => heed(JSON.parse((event as MessageEvent).data) as RunEvent);
  events.onmessage = take;
  for (const kind of ["edited", "preparing", "prepared"]) events.addEventListener(kind, take);
  events.onerror = () => {
    if (!closed) fetch(addressOf(run, "edits")).catch(() => !closed && noticeGone());
  };
  return () => {
    closed = true;
    events.close();
  };
}

/** A server that is running. */
export const server: Backend = {
  offers: { edits: true, k: true, runs: true, decoding: true, neighbors: true },
  manifest: null,
  json: askJson,
  bytes: askBytes,
  post,
  picture: addressOf,
  link: addressOf,
  listen,
};
