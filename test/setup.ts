/** Runs before each test file: property tests draw the same examples every time. `FC_SEED` explores others. */
import fc from "fast-check";
import { expect } from "vitest";

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Arrays of one type and the same bytes are equal; number by number, that takes seconds for a million. Others are looked at as ever. */
const sameBytes = (one: unknown, other: unknown): true | undefined =>
  ArrayBuffer.isView(one) &&
  ArrayBuffer.isView(other) &&
  one.constructor === other.constructor &&
  bytesOf(one).equals(bytesOf(other))
    ? true
    : undefined;

// Files that share a process share what is added here.
const added = Symbol.for("unlabeled: equality of arrays");
if (!(added in globalThis)) {
  Object.defineProperty(globalThis, added, { value: true });
  expect.addEqualityTesters([sameBytes]);
}
