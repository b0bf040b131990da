import { z } from "zod";
import { asAsked } from "./body.ts";
import type { EditRequest } from "./protocol.ts";

const number = z.int().min(0).max(0x7fffffff);
const text = z.string().max(20_000);

/** What a wish looks like; whether it can be is for `openEdits` to say. */
const schema = z.strictObject({
  version: number,
  do: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("rename"),
      cluster: number,
      name: text.nullable(),
      notes: text.nullable().exactOptional(),
    }),
    z.strictObject({ kind: z.literal("merge"), clusters: z.array(number), into: number }),
    z.strictObject({
      kind: z.literal("split"),
      cluster: number,
      parts: number,
      by: z.enum(["k-means", "mixture"]),
    }),
    z.strictObject({
      kind: z.literal("move"),
      images: z.array(number),
      to: z.union([number, z.literal("new")]),
    }),
    z.strictObject({ kind: z.literal("undo") }),
    z.strictObject({ kind: z.literal("redo") }),
  ]),
}) satisfies z.ZodType<EditRequest>;

/** @throws {Refusal} 400 for anything that is no {@link EditRequest}, with the place of the first fault */
export function editRequest(value: unknown): EditRequest {
  return asAsked(schema, value, "an edit must be one of the protocol");
}
