import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelledError, FormatError, InputError, OptionError } from "../../../errors.ts";
import type { Piece } from "../reader.ts";
import type { TableOptions } from "../tables/index.ts";
import { openParquet } from "./index.ts";

const fixtures = new URL("../../../../fixtures/sources/", import.meta.url).pathname;

interface Expected {
  values?: number[][];
  names?: string[];
  classes?: (string | null)[];
  files?: (string | null)[];
}

const expected = JSON.parse(await readFile(`${fixtures}parquet.json`, "utf8")).files as Record<
  string,
  Expected | string
>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-parquet-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function pieces(path: string, options: TableOptions = {}, most = 7): Promise<Piece[]> {
  const reader = await openParquet(path, options);
  try {
    const all: Piece[] = [];
    for await (const piece of reader.pieces(most)) all.push(piece);
    return all;
  } finally {
    await reader.close();
  }
}

async function read(name: string, options: TableOptions = {}, most = 7): Promise<Expected> {
  const all = await pieces(join(fixtures, `${name}.parquet`), options, most);
  const values = all.flatMap((piece) =>
    piece.kind === "vectors"
      ? Array.from({ length: piece.values.rows }, (_, i) => [
          ...piece.values.data.subarray(i * piece.values.cols, (i + 1) * piece.values.cols),
        ])
      : [],
  );
  const files = all.flatMap((piece) => (piece.kind === "files" ? piece.files : []));
  const contents = await Promise.all(
    files.map((file) =>
      file.read().then(
        (bytes) => Buffer.from(bytes).toString("base64"),
        () => null,
      ),
    ),
  );
  return {
    ...(values.length > 0 && { values }),
    ...(all[0]?.names && { names: all.flatMap((piece) => piece.names ?? []) }),
    ...(all[0]?.classes && { classes: all.flatMap((piece) => piece.classes ?? []) }),
    ...(files.length > 0 && { files: contents }),
  };
}

describe("openParquet", () => {
  const good = Object.keys(expected).filter((name) => Object.keys(expected[name] as Expected).length > 0);
  test.each(good)("reads what pyarrow wrote into %s, in pieces of any size", async (name) => {
    const found = expected[name] as Expected | string;
    const wanted = (typeof found === "string" ? expected[found] : found) as Expected;
    for (const most of [1, 7, 1000]) expect(await read(name, {}, most)).toEqual(wanted);
  });

  test("says what it took and what it left out", async () => {
    const reader = await openParquet(join(fixtures, "lists.parquet"), {});
    expect(reader.count).toBe(40);
    expect(reader.notices).toEqual([
      'Column "label" is taken as the class of each row.',
      'The items are what column "embedding" holds.',
      'Left out, since they are no part of it: column "text".',
    ]);
    await reader.close();
  });

  test("turns lists into images of a shape that is asked for", async () => {
    const [piece] = await pieces(join(fixtures, "nested-lists.parquet"), {
      shape: { height: 2, width: 3, channels: 1 },
    });
    expect(piece).toMatchObject({ kind: "images", count: 7, height: 2, width: 3, channels: 1 });
    const [first] = (expected["nested-lists"] as Expected).values as number[][];
    expect(piece?.kind === "images" && [...piece.pixels.subarray(0, 6)]).toEqual(first);
    const wrong = pieces(join(fixtures, "nested-lists.parquet"), {
      shape: { height: 2, width: 2, channels: 1 },
    });
    await expect(wrong).rejects.toThrow("must have 4 numbers for images of 2 x 2 x 1; got 6");
  });

  test.each([
    ["ragged-lists", InputError, 'row 3, column "v" of'],
    ["gap", InputError, 'row 3, column "a" of'],
    ["dates", InputError, 'got dates or times in column "day"'],
    ["no-rows", InputError, "must hold at least one row; got none"],
  ] as const)("refuses %s and says where", async (name, kind, message) => {
    const reading = read(name);
    await expect(reading).rejects.toThrow(kind);
    await expect(reading).rejects.toThrow(message);
  });

  test("takes names and classes from the columns that are asked for", async () => {
    const found = await read("numbers-none", { idColumn: "whole", labelColumn: "6" });
    expect(found.names?.slice(0, 3)).toEqual(["-3", "-2", "-1"]);
    expect(found.classes?.slice(0, 3)).toEqual(["0", "4", "8"]);
    expect(found.values?.[0]).toHaveLength(3);
    await expect(read("numbers-none", { labelColumn: "clas" })).rejects.toThrow(OptionError);
    await expect(read("numbers-none", { labelColumn: "clas" })).rejects.toThrow('Did you mean "class"?');
    await expect(read("lists", { idColumn: "embedding" })).rejects.toThrow(
      "got lists of values of type DOUBLE",
    );
  });

  test("refuses files that are of another kind, cut off, or lie about their lengths", async () => {
    const whole = await readFile(join(fixtures, "numbers-none.parquet"));
    const path = join(folder, "x.parquet");
    const refused = async (bytes: Uint8Array, message: string): Promise<void> => {
      await writeFile(path, bytes);
      await expect(pieces(path)).rejects.toThrow(FormatError);
      await expect(pieces(path)).rejects.toThrow(message);
    };
    await refused(new Uint8Array(), "must begin and end with PAR1, as a Parquet file does; got 0 bytes");
    await refused(Buffer.from("not a parquet file"), "got others");
    await refused(whole.subarray(0, 2000), "got a beginning alone");
    await refused(Buffer.concat([whole.subarray(0, -4), Buffer.from("PARE")]), "encrypted");
    const lying = Buffer.from(whole);
    lying.writeUInt32LE(0xffffffff, whole.length - 8);
    await refused(lying, "got a footer of 4294967295 bytes");
    const empty = Buffer.from(whole);
    empty.fill(0, 4, 200);
    await refused(empty, "got a page without");
  });

  test("refuses to read on when the file becomes shorter, and when it is cancelled", async () => {
    const path = join(folder, "shrinks.parquet");
    await copyFile(join(fixtures, "numbers-none.parquet"), path);
    const reader = await openParquet(path, {});
    await truncate(path, 100);
    await expect(reader.pieces(5).next()).rejects.toThrow("must stay as it is");
    const controller = new AbortController();
    controller.abort();
    await expect(reader.pieces(5, controller.signal).next()).rejects.toThrow(CancelledError);
    await reader.close();
    await expect(openParquet(join(folder, "none.parquet"), {})).rejects.toThrow("got nothing there");
  });
});
