import { type FileHandle, open } from "node:fs/promises";
import { FormatError, messageOf } from "../../errors.ts";
import { createWhole } from "../create-whole.ts";
import { isGzip, readIdxFile } from "../idx-file.ts";
import type { DataSetFile } from "./catalogue.ts";
import { sha256Of } from "./locate.ts";

/** An address did not give the file that it should; another one may. */
export class AddressFailure extends Error {
  override readonly name = "AddressFailure";
}

/** How a download reports and is cancelled. */
export interface DownloadContext {
  /** Receives the number of bytes that have come, and how many are to come in all. */
  readonly onBytes: (done: number, total: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Downloads a file into a folder, where it appears whole and with the right digest, or not at all.
 *
 * @throws {AddressFailure} if the address gives nothing, or another file
 */
export async function downloadFile(
  url: string,
  file: DataSetFile,
  folder: string,
  context: DownloadContext,
): Promise<string> {
  return createWhole(folder, async (partial) => {
    const target = await open(partial, "wx");
    let compressed: boolean;
    try {
      compressed = await receive(url, file, target, context);
    } finally {
      await target.close();
    }
    const sha256 = sha256Of(await readReceived(partial));
    if (sha256 !== file.sha256) throw new AddressFailure(`a file with the sha256 ${sha256}`);
    // Some servers undo the compression on the way.
    return compressed ? `${file.name}.gz` : file.name;
  });
}

/** Writes what the address gives into the file, and tells whether it is gzip data. */
async function receive(
  url: string,
  file: DataSetFile,
  target: FileHandle,
  { onBytes, signal }: DownloadContext,
): Promise<boolean> {
  const response = await answer(url, signal);
  const total = Number(response.headers.get("content-length")) || file.downloadBytes;
  // Compressed data is never longer than this: gzip adds 5 bytes to each block that it cannot pack, and its own header.
  const most = file.bytes + Math.ceil(file.bytes / 1000) + 1024;
  let done = 0;
  let compressed = false;
  for await (const chunk of chunksOf(response)) {
    if (done === 0) compressed = isGzip(chunk);
    done += chunk.length;
    if (done > most) throw new AddressFailure(`more than the ${most} bytes that the file can have`);
    await target.write(chunk);
    onBytes(done, total);
  }
  return compressed;
}

async function answer(url: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (error) {
    throw new AddressFailure(reasonOf(error), { cause: error });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw new AddressFailure(`HTTP status ${response.status}`);
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new AddressFailure(reasonOf(error), { cause: error });
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // what failed before is the error to tell
  }
}

async function readReceived(partial: string): Promise<Uint8Array> {
  try {
    return await readIdxFile(partial, "fetchDataSet");
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new AddressFailure("another file, or a damaged one", { cause: error });
  }
}

/** Why `fetch` failed: its own message ("fetch failed") hides the reason in the cause. */
function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error) {
    const next: unknown = innermost instanceof AggregateError ? innermost.errors[0] : innermost.cause;
    if (!(next instanceof Error)) break;
    innermost = next;
  }
  return messageOf(innermost);
}
