import type { z } from "zod";
import { Refusal } from "./refusal.ts";

/** Bytes of a request, at most: a list of some million images that are moved. */
const MOST_BODY_BYTES = 67_108_864;

/**
 * The JSON that a request carries. A body that is too long is refused by what it says of itself and, whatever that is, while
 * it is being read: no more than the limit is ever held.
 *
 * @param most bytes of this request, at most
 * @throws {Refusal} 413 for a body that is too long, 400 for one that is no JSON
 */
export async function jsonBody(request: Request, most: number = MOST_BODY_BYTES): Promise<unknown> {
  const tooLong = new Refusal(413, `explorer: a request must have at most ${most} bytes; got more.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLong;
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    length += piece.value.length;
    if (length > most) {
      await reader?.cancel().catch(() => {}); // the refusal is what is to be told
      throw tooLong;
    }
    pieces.push(piece.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, "explorer: a request must carry JSON; got something else.");
  }
}

/**
 * What a request carries, if it is as its schema says.
 *
 * @param rule what must hold, as "an edit must be one of the protocol"
 * @throws {Refusal} 400 for anything else, with the place of the first fault
 */
export function asAsked<T>(schema: z.ZodType<T>, value: unknown, rule: string): T {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const place = issue?.path.map(String).join(".") || "it";
  throw new Refusal(400, `explorer: ${rule}; got a fault in ${place}: ${issue?.message}.`);
}
