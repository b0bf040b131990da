/** One program at a time appends to the log of a run's edits. */
import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { InputError } from "../../errors.ts";
import { systemCode, withFile } from "../files.ts";
import { isRunning, type Owner, ownerHere, ownerIn } from "./partial-marker.ts";

/** Name of the file in a run folder while someone appends. */
const LOCK_FILE = "edits.lock";

/** Milliseconds between two looks, and looks until one gives up: an append takes some milliseconds. */
const BETWEEN = 20;
const LOOKS = 500;

/** Looks after which the lock of a machine whose processes cannot be seen counts as left behind, if it stays the same. */
const LOOKS_AT_STRANGERS = 250;

/** Steps of this process, one queue for each folder: a process can tell a lock of its own from one left by a namesake. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Runs a step while no other program, and no other caller in this one, runs its own for the same folder.
 *
 * A lock whose process has ended is taken away: of this machine at once, of another one after 5 s.
 *
 * @throws {InputError} if another program holds the lock for 10 s, or the folder cannot be written
 */
export async function withEditLock<T>(folder: string, step: () => Promise<T>): Promise<T> {
  const key = resolve(folder);
  const turn = (queues.get(key) ?? Promise.resolve()).then(() => locked(folder, step));
  const settled = turn.catch(() => {});
  queues.set(key, settled);
  try {
    return await turn;
  } finally {
    if (queues.get(key) === settled) queues.delete(key);
  }
}

async function locked<T>(folder: string, step: () => Promise<T>): Promise<T> {
  const file = join(folder, LOCK_FILE);
  const remedy = "Edits are kept beside run.json: make the folder writable, or edit a copy of the run.";
  await withFile({ where: "withEditLock", path: file, must: "writable", remedy }, () => take(file));
  try {
    return await step();
  } finally {
    await rm(file, { force: true }).catch(() => {}); // as one of an ended process it is taken away later
  }
}

async function take(file: string): Promise<void> {
  const own = JSON.stringify(await ownerHere());
  let before = "";
  let same = 0;
  for (let look = 0; look < LOOKS; look++) {
    if (await created(file, own)) return;
    const text = await readFile(file, "utf8").catch(() => "");
    same = text === before ? same + 1 : 0;
    before = text;
    if (await isLeft(ownerIn(text), same)) await takeAway(file, text);
    else await pause(BETWEEN);
  }
  const owner = ownerIn(before);
  const who = owner ? `process ${owner.pid} on ${owner.host}` : "another program";
  throw new InputError(
    `withEditLock: "${file}" must be free to edit the run; got one that ${who} has held for ${(LOOKS * BETWEEN) / 1000} s. Wait for it, or remove the file if nothing runs there any more.`,
  );
}

async function created(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** @param same how often the lock has been seen unchanged; one without an owner yet is just being written */
async function isLeft(owner: Owner | undefined, same: number): Promise<boolean> {
  if (owner?.host === hostname()) return !(await isRunning(owner));
  return same >= LOOKS_AT_STRANGERS;
}

/** Takes a left lock away, and puts back what another program has put in its place meanwhile. */
async function takeAway(file: string, seen: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return; // another program was quicker
  }
  const found = await readFile(aside, "utf8").catch(() => "");
  if (found !== seen) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}
