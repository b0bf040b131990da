import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelledError, FormatError, InputError, OptionError } from "../../../errors.ts";
import type { Piece } from "../reader.ts";
import type { TableOptions } from "../tables/index.ts";
import { openCsv } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-csv-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Read {
  values: number[][];
  names?: string[];
  classes?: (string | null)[];
  notices: readonly string[];
  pieces: Piece[];
}

async function read(
  text: string | Uint8Array,
  options: TableOptions = {},
  file = "x.csv",
  most = 2,
): Promise<Read> {
  const path = join(folder, file);
  await writeFile(path, text);
  const reader = await openCsv(path, options);
  try {
    const pieces: Piece[] = [];
    for await (const piece of reader.pieces(most)) pieces.push(piece);
    const values = pieces.flatMap((piece) =>
      piece.kind === "vectors"
        ? Array.from({ length: piece.values.rows }, (_, i) => [
            ...piece.values.data.subarray(i * piece.values.cols, (i + 1) * piece.values.cols),
          ])
        : [],
    );
    return {
      values,
      notices: reader.notices ?? [],
      pieces,
      ...(pieces[0]?.names && { names: pieces.flatMap((piece) => piece.names ?? []) }),
      ...(pieces[0]?.classes && { classes: pieces.flatMap((piece) => piece.classes ?? []) }),
    };
  } finally {
    await reader.close();
  }
}

const four = [
  [1, 2],
  [3, 4],
  [5, 6.5],
];

describe("openCsv", () => {
  test.each([
    ["a header", "a,b\n1,2\n3,4\n5,6.5\n", "x.csv"],
    ["no header", "1,2\n3,4\n5,6.5", "x.csv"],
    ["a byte order mark and CRLF", "\ufeffa,b\r\n1,2\r\n3,4\r\n5,6.5\r\n", "x.csv"],
    ["quotes, white space and empty lines", '"a","b"\n"1", 2\n\n3 ,"4"\n5,+.65e1\n\n', "x.csv"],
    ["semicolons", "a;b\n1;2\n3;4\n5;6.5", "x.csv"],
    ["tabs", "a\tb\n1\t2\n3\t4\n5\t6.5", "x.csv"],
    ["tabs in .tsv", "1\t2\n3\t4\n5\t6.5", "x.tsv"],
    ["line breaks of several kinds", "a,b\n1,2\r\n3,4\r5,6.5", "x.csv"],
  ])("reads a file with %s", async (_, text, file) => {
    expect((await read(text, {}, file)).values).toEqual(four);
    expect((await read(gzipSync(text), {}, `${file}.gz`, 100)).values).toEqual(four);
  });

  test("takes columns by their names, leaves out others that are called so, and says it", async () => {
    const { values, names, classes, notices } = await read(
      "x,Label,file,target,y\n1,cat,a.png,0,2\n3,,b.png,1,4\n",
    );
    expect(values).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(names).toEqual(["a.png", "b.png"]);
    expect(classes).toEqual(["cat", null]);
    expect(notices).toEqual([
      'Column "file" is taken as the name of each row.',
      'Column "Label" is taken as the class of each row.',
      'Left out, by their names: column "target".',
    ]);
  });

  test("takes the columns that are asked for, by name or by number", async () => {
    const iris = "5.1,3.5,setosa\n4.9,3.0,setosa\n";
    expect(await read(iris, { labelColumn: "3" })).toMatchObject({ classes: ["setosa", "setosa"] });
    expect((await read("k,a,b\nx,1,2\n", { idColumn: "k" })).names).toEqual(["x"]);
    await expect(read("k,a\nx,1\n", { idColumn: "kk" })).rejects.toThrow(OptionError);
    await expect(read("k,a\nx,1\n", { idColumn: "zebra" })).rejects.toThrow(
      "Give one of these names, or a number",
    );
    await expect(read(iris, { labelColumn: "kind" })).rejects.toThrow(
      "The file has no header: give the number",
    );
    await expect(read("k,k,a\nx,y,1\n", { idColumn: "k" })).rejects.toThrow("which several are called");
    await expect(read(iris)).rejects.toThrow(
      'got "setosa" in column 3. Say what it is (--id-column or --label-column',
    );
    await expect(read("a,b\n1,x\n")).rejects.toThrow('got "x" in column "b"');
  });

  test("takes pandas' index as names, and a row that counts the columns as a header", async () => {
    const { values, names } = await read(",0,1,2\n0,5,6,7\n1,8,9,10\n");
    expect(values).toEqual([
      [5, 6, 7],
      [8, 9, 10],
    ]);
    expect(names).toEqual(["0", "1"]);
    expect((await read("0,1,2\n5,6,7\n")).values).toEqual([[5, 6, 7]]);
  });

  test("turns rows into images of a shape that is asked for", async () => {
    const shape = { height: 1, width: 2, channels: 1 };
    const { pieces } = await read("label,p,q\n7,0,255\n8,1,2\n", { shape });
    expect(pieces[0]).toMatchObject({ kind: "images", count: 2, height: 1, width: 2, classes: ["7", "8"] });
    expect(pieces[0]?.kind === "images" && [...pieces[0].pixels]).toEqual([0, 255, 1, 2]);
    await expect(read("p,q\n0,256\n", { shape })).rejects.toThrow('row 1 (line 2), column "q" of');
    await expect(read("p,q\n0,.5\n", { shape })).rejects.toThrow("must be a whole number in 0..255");
    await expect(read("p\n0\n", { shape })).rejects.toThrow(
      "must have 2 numbers for images of 1 x 2 x 1; got 1",
    );
  });

  test.each([
    ["", "got nothing", InputError],
    ["a,b\n", "got a header alone", InputError],
    ["label,id\n1,2\n", "must have a column of numbers", InputError],
    ["a,b\n1,2\n3\n", "row 2 (line 3) of", FormatError],
    ["a,b\n1,2\n3,\n", 'row 2 (line 3), column "b" of', InputError],
    ["a,b\n1,2\n3,NaN\n", 'must be a finite number; got "NaN". Fill the gaps', InputError],
    ["a,b\n1,2\n3,-inf\n", 'got "-inf". Fill the gaps', InputError],
    ["a,b\n1,2\n3,1e39\n", "must be a finite number (of 32 bits); got Infinity", InputError],
    ["a;b\n1;2\n3;1,5\n", 'got "1,5". Write numbers with a decimal point', InputError],
    ["a;b\n1,5;2\n", 'row 1 (line 2), column "a" of', InputError],
    ["a,b\n1,2\n3,0x10\n", 'got "0x10"', InputError],
    ['a,b\n1,2\n3,"4', "got a quote that is never closed", FormatError],
    ['a,b\n1,2\n3,4"5\n', "after line 2", FormatError],
    ["a,b\n1,2\n3,\u0000\n", "must be text in UTF-8", FormatError],
    [Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), "got text in UTF-16", FormatError],
    [gzipSync("a,b\n1,2\n3,4\n").subarray(0, 20), "must be whole gzip data", FormatError],
  ] as const)("refuses %j and says why", async (text, message, kind) => {
    const reading = read(text);
    await expect(reading).rejects.toThrow(kind);
    await expect(reading).rejects.toThrow(message);
  });

  test("takes a field of 2 MB and 30,000 columns as quickly as others", async () => {
    const long = "1".repeat(2e6);
    await expect(read(`a,b\n1,2\n3,${long}x\n`)).rejects.toThrow(`got "${"1".repeat(40)}..."`);
    await expect(read(`id,b\n${long},2\n`)).rejects.toThrow("must have at most 4096 characters");
    const wide = `${"1,".repeat(29_999)}1\n`;
    const { values } = await read(`${wide}${wide}`);
    expect(values).toHaveLength(2);
    expect(values[1]).toHaveLength(30_000);
  });

  test("stops when it is cancelled, and when the file changes meanwhile", async () => {
    const path = join(folder, "changes.csv");
    await writeFile(path, "a,b\n1,2\n3,4\n");
    const controller = new AbortController();
    const reader = await openCsv(path, { signal: controller.signal });
    await truncate(path, 8);
    await expect(reader.pieces(1).next()).rejects.toThrow("must stay as it is");
    controller.abort();
    await expect(reader.pieces(1).next()).rejects.toThrow(CancelledError);
    await reader.close();
    await expect(openCsv(join(folder, "none.csv"), {})).rejects.toThrow("got nothing there");
  });
});
