/**
 * Where what the page shows comes from: a server that is running (`server.ts`), or the files of a folder that was made of one
 * run (`folder.ts`). What only a server can do is said in {@link Offers}, so that views leave out what would not work.
 */
import type { FolderManifest, RunEvent } from "../../src/explorer/protocol.ts";
import { createStore, type Store } from "./store.ts";

/** What can be done, beside looking. */
export interface Offers {
  /** Names, notes, merging, splitting, moving; pictures kept with the run. */
  readonly edits: boolean;
  /** Other numbers of clusters. */
  readonly k: boolean;
  /** A list of runs, comparing them, starting new ones. */
  readonly runs: boolean;
  /** Codes drawn by the network. */
  readonly decoding: boolean;
  /** Nearest images, and what the network makes of an image. */
  readonly neighbors: boolean;
}

/** The address of a picture, at once or once it is made. */
export type PictureAddress = string | Promise<string>;

export interface Backend {
  readonly offers: Offers;
  /** What the folder says of itself; null of a server. */
  readonly manifest: FolderManifest | null;
  /** A value of a run, by its address below it; of `null`, the list of runs. */
  json<T>(run: string | null, path: string): Promise<T>;
  /** Raw bytes of an array or a sheet of thumbnails. */
  bytes(run: string, path: string): Promise<ArrayBuffer>;
  post<T>(run: string, path: string, body: unknown): Promise<T>;
  picture(run: string, path: string): PictureAddress;
  /** Address of a page that lies beside this one; null where there is none. */
  link(run: string, file: string): string | null;
  /** Calls `heed` with what happens to the run, until what is returned is called. */
  listen(run: string, heed: (event: RunEvent) => void): () => void;
}

/** Whether the server answers. */
export const connection: Store<"there" | "gone"> = createStore<"there" | "gone">("there");

let chosen: Backend | undefined;

/** Says where everything comes from; called once, before anything is drawn. */
export function setBackend(backend: Backend): void {
  chosen = backend;
}

export function backend(): Backend {
  if (!chosen) throw new Error("The page must know where its data comes from before it is drawn.");
  return chosen;
}
