/** The runs that are open: those that were looked at last, so that memory stays bounded. */

import { Refusal } from "./refusal.ts";
import { type OpenedRun, openRun } from "./run/opened-run.ts";
import type { RunList } from "./run-list.ts";
import type { ExplorerWorld } from "./world.ts";

/** Runs, at most, that are kept open while nobody watches them. */
const MOST_OPEN = 4;

export class OpenRuns {
  private readonly list: RunList;
  private readonly world: ExplorerWorld;
  /** The one that was asked for last stands last. */
  private readonly open = new Map<string, Promise<OpenedRun>>();
  /** What heavy work of all runs waits in. */
  private readonly queue: { last: Promise<unknown> } = { last: Promise.resolve() };

  constructor(list: RunList, world: ExplorerWorld) {
    this.list = list;
    this.world = world;
  }

  /** @throws {Refusal} 404 where there is no such run */
  async get(id: string): Promise<OpenedRun> {
    const known = this.open.get(id);
    if (known) {
      this.open.delete(id);
      this.open.set(id, known);
      return known;
    }
    const found = await this.list.find(id);
    if (!found)
      throw new Refusal(404, "explorer: a run must be one of the list; got another. It may be gone.");
    const again = this.open.get(id); // asked for twice at once
    if (again) return again;
    const opening = openRun(found.folder, found.entry, this.world, this.queue);
    this.open.set(id, opening);
    opening.catch(() => this.open.delete(id));
    await this.closeOldest();
    return opening;
  }

  async close(): Promise<void> {
    for (const opening of this.open.values()) {
      const run = await opening.catch(() => undefined);
      run?.close();
    }
    this.open.clear();
  }

  private async closeOldest(): Promise<void> {
    for (const [id, opening] of [...this.open].slice(0, -MOST_OPEN)) {
      const run = await opening.catch(() => undefined);
      if (run?.watched) continue;
      this.open.delete(id);
      run?.close();
    }
  }
}
