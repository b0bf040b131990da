/** What several parts of an export need is asked for once. */
import type { RunRecord } from "../../experiment/index.ts";
import type { ImageSource } from "../../images/index.ts";
import type { Effects } from "../effects.ts";
import { reopen } from "../sources.ts";

export const where = "unlabeled export";

export interface Asking {
  /** Folder of the run. */
  readonly folder: string;
  readonly record: RunRecord;
  readonly effects: Effects;
  readonly asked: Map<string, Promise<unknown>>;
}

export function once<T>({ asked }: Pick<Asking, "asked">, what: string, ask: () => Promise<T>): Promise<T> {
  const before = asked.get(what) ?? ask();
  asked.set(what, before);
  return before as Promise<T>;
}

/** The images of the run, opened again; the digest says that they are the same. */
export function openedSource(asking: Asking): Promise<ImageSource> {
  const { record, folder, effects } = asking;
  return once(asking, "source", () => reopen(record.scored ?? record.source, folder, where, effects));
}
