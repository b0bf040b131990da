import type { SchemaElement } from "hyparquet";
import { expect, test } from "vitest";
import { numbersOf, textsOf } from "./kinds.ts";

const element = (more: Partial<SchemaElement>): SchemaElement => ({ name: "a", ...more }) as SchemaElement;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test("decimals are scaled, whatever type holds them", () => {
  const noted = { converted_type: "DECIMAL", scale: 2, precision: 9 } as const;
  expect(numbersOf(element({ type: "INT32", ...noted }))?.number(-1250)).toBe(-12.5);
  expect(numbersOf(element({ type: "INT64", ...noted }))?.whole(1250n)).toBe(12.5);
  // -1250 in two bytes, highest first: 0xfb1e.
  const fixed = numbersOf(element({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, ...noted }));
  expect(fixed?.bytes(bytes(0xfb, 0x1e))).toBe(-12.5);
  const logical = { logical_type: { type: "DECIMAL", scale: 1, precision: 9 } } as const;
  expect(numbersOf(element({ type: "BYTE_ARRAY", ...logical }))?.bytes(bytes(0x01, 0x00))).toBe(25.6);
});

test("numbers without a sign are read as such, as numbers and as names", () => {
  const short = element({ type: "INT32", converted_type: "UINT_32" });
  expect(numbersOf(short)?.number(-1)).toBe(2 ** 32 - 1);
  const long = element({ type: "INT64", logical_type: { type: "INTEGER", bitWidth: 64, isSigned: false } });
  expect(numbersOf(long)?.whole(-1n)).toBe(2 ** 64);
  expect(textsOf(long)?.whole(-1n)).toBe("18446744073709551615");
  expect(textsOf(element({ type: "INT64" }))?.whole(-1n)).toBe("-1");
});

test("half floats are numbers; other bytes, dates and texts are none", () => {
  const half = element({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } });
  expect(numbersOf(half)?.bytes(bytes(0x00, 0xc0))).toBe(-2);
  expect(numbersOf(element({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 2 }))).toBeUndefined();
  expect(numbersOf(element({ type: "BYTE_ARRAY", converted_type: "UTF8" }))).toBeUndefined();
  expect(numbersOf(element({ type: "INT32", converted_type: "DATE" }))).toBeUndefined();
});

test("truth values are named by their words; dates and bytes of one length name nothing", () => {
  const truth = textsOf(element({ type: "BOOLEAN" }));
  expect([truth?.number(1), truth?.number(0)]).toEqual(["true", "false"]);
  expect(textsOf(element({ type: "INT32", converted_type: "DATE" }))).toBeUndefined();
  expect(textsOf(element({ type: "FIXED_LEN_BYTE_ARRAY", type_length: 4 }))).toBeUndefined();
});
