/**
 * What a partial folder holds beside the result in the making, so that an interrupted command can go on: `resume.json`
 * and the folder `checkpoints/`. None of it is part of the result.
 */
import { open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "../files.ts";
import { makeFolders } from "../make-folders.ts";
import { reading, writing } from "./file-errors.ts";
import { checkPartial } from "./partial-marker.ts";
import { recordIn } from "./recognize.ts";

export const RESUME_FILE = "resume.json";
const CHECKPOINTS = "checkpoints";
const TRAINING_FILE = `${CHECKPOINTS}/training.safetensors`;

/** Files for a later `resume`; each appears whole or not at all, and is on the disk when it appears. */
export interface WorkFiles {
  /** Name of a file as messages have it. */
  nameOf(file: WorkFile): string;
  write(file: WorkFile, content: string | Uint8Array): Promise<void>;
  /** Its bytes; undefined if it is not there. */
  read(file: WorkFile): Promise<Uint8Array | undefined>;
  remove(file: WorkFile): Promise<void>;
}

/** What was asked, where the training of the present run stands, or the pictures of a finished run. */
export type WorkFile = "resume" | "training" | { readonly picturesOf: number };

/**
 * The work files of a partial folder.
 *
 * @param partial the folder
 * @param shown the folder as the user named it, for messages
 */
export function workFiles(partial: string, shown: string): WorkFiles {
  const remove = (file: WorkFile): Promise<void> => rm(join(partial, relative(file)), { force: true });
  const nameOf = (file: WorkFile): string => join(shown, relative(file));
  return {
    nameOf,
    remove,
    write: (file, content) =>
      writing("resume", nameOf(file), async () => {
        await checkPartial(partial, shown);
        await writeDurably(join(partial, relative(file)), content);
      }),
    read: async (file) => {
      const path = join(partial, relative(file));
      if (!(await exists(path))) return undefined;
      return reading("resume", nameOf(file), () => readFile(path));
    },
  };
}

/** Takes all work files away. */
export async function removeWorkFiles(partial: string): Promise<void> {
  await rm(join(partial, CHECKPOINTS), { recursive: true, force: true });
  await rm(join(partial, RESUME_FILE), { force: true });
}

/** Whether a partial folder holds work that would be lost with it: a checkpoint, or a finished run. */
export async function holdsWork(partial: string): Promise<boolean> {
  if (await exists(join(partial, TRAINING_FILE))) return true;
  if ((await recordIn(partial)) !== undefined) return true;
  const names = await readdir(partial).catch((): string[] => []);
  const records = await Promise.all(names.map((name) => recordIn(join(partial, name))));
  return records.some((record) => record !== undefined);
}

function relative(file: WorkFile): string {
  if (file === "resume") return RESUME_FILE;
  return file === "training" ? TRAINING_FILE : `${CHECKPOINTS}/pictures-${file.picturesOf}.safetensors`;
}

/** Writes beside the file, waits until the disk has it, and moves it into place. */
async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolders(dirname(path));
  const begun = `${path}.new`;
  try {
    const file = await open(begun, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(begun, path);
  } catch (error) {
    await rm(begun, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return false;
    throw error;
  }
}
