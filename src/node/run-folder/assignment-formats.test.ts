import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import type { ImageSet } from "../../images/index.ts";
import type { AssignedImages } from "../../pipeline/index.ts";
import { anyText } from "../../testing/any-text.ts";
import { assignmentEncoder, csvField, csvRows, csvText, parseAssignments } from "./index.ts";

const names = new Map([[1, '=HYPERLINK("x")']]);
const files = ["a.png", "-2+3.png", "b,c\n.png", "写真.png", "'=d", "e"];
const images: ImageSet = {
  ...{ count: 6, height: 1, width: 1, channels: 1, pixels: new Uint8Array(6) },
  files,
  labels: Int32Array.of(0, 1, -1, 0, 1, 0),
  classNames: ["@cat", "dog"],
};
const assignment = {
  labels: Int32Array.of(0, 1, 1, 0, 2, 0),
  distances: Float64Array.of(0.1, 2, 3, 4, 5, 1 / 3),
  familiarities: Float64Array.of(0.5, 0.00999, 0.01, 1, 1, 1),
};

/** The same images, piece by piece. */
const pieces: AssignedImages[] = [0, 1, 4].map((from, i) => {
  const to = [1, 4, 6][i] as number;
  return {
    images: {
      ...images,
      count: to - from,
      files: files.slice(from, to),
      labels: (images.labels as Int32Array).subarray(from, to),
    },
    assignment: {
      labels: assignment.labels.subarray(from, to),
      distances: assignment.distances.subarray(from, to),
      familiarities: assignment.familiarities.subarray(from, to),
    },
  };
});

async function encoded(format: "csv" | "jsonl" | "parquet", of = pieces): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await assignmentEncoder(format, names);
  const parts = [encoder.head(), ...of.map((piece) => encoder.rows(piece)), encoder.end()];
  return Uint8Array.from(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
}

describe("assignments as CSV", () => {
  test("have the columns of the contract, then those of assign; texts are no formulas", async () => {
    const text = new TextDecoder().decode(await encoded("csv"));
    const rows = csvRows(text);
    expect(text.split("\n")[0]).toBe(
      "index,file,label,cluster,probability,distance,name,unfamiliar,familiarity",
    );
    expect(rows[1]).toEqual(["0", "a.png", "'@cat", "0", "", "0.1", "", "0", "0.5"]);
    expect(rows[2]).toEqual(["1", "'-2+3.png", "dog", "1", "", "2", `'=HYPERLINK("x")`, "1", "0.00999"]);
    expect(rows.slice(1).map((fields) => csvText(fields[1] as string))).toEqual(files);
    expect(parseAssignments(text, "a.csv", 3)).toEqual(assignment.labels);
  });

  test("any text comes back, and none begins as a formula does", () => {
    const text = fc.oneof(anyText(), fc.stringMatching(/^'*[=+@\t\r\n-]?.?$/));
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (texts) => {
        const line = `${texts.map(csvField).join(",")}\n`;
        const [fields = []] = csvRows(line);
        for (const field of fields) expect(field).not.toMatch(/^[=+\-@\t\r\n]/);
        expect(fields.map(csvText)).toEqual(texts);
      }),
      { numRuns: 50 },
    );
  });
});

test("assignments as JSON lines have what is known of each image", async () => {
  const lines = new TextDecoder().decode(await encoded("jsonl")).split("\n");
  expect(lines).toHaveLength(7);
  expect(JSON.parse(lines[1] ?? "")).toEqual({
    ...{ index: 1, file: "-2+3.png", label: "dog", cluster: 1, distance: 2, name: '=HYPERLINK("x")' },
    ...{ unfamiliar: true, familiarity: 0.00999 },
  });
  expect(JSON.parse(lines[2] ?? "")).not.toHaveProperty("label");
});

describe("assignments as Parquet", () => {
  test("hold the same, text as it is", async () => {
    const rows = await parquetReadObjects({ file: (await encoded("parquet")).buffer });
    expect(rows.map(({ file }) => file)).toEqual(files);
    expect(rows[1]).toEqual({
      ...{ index: 1, file: "-2+3.png", label: "dog", cluster: 1, probability: null, distance: 2 },
      ...{ name: '=HYPERLINK("x")', unfamiliar: true, familiarity: 0.00999 },
    });
    expect(rows[5]).toMatchObject({ index: 5, label: "@cat", distance: 1 / 3, unfamiliar: false });
  });

  test("of many images are written in row groups as these fill", async () => {
    const count = 5000;
    const many: AssignedImages = {
      images: { count, height: 1, width: 1, channels: 1, pixels: new Uint8Array(count) },
      assignment: {
        labels: Int32Array.from({ length: count }, (_, i) => i % 7),
        distances: Float64Array.from({ length: count }, (_, i) => i / 3),
      },
    };
    const encoder = await assignmentEncoder("parquet", new Map());
    const sizes = [encoder.rows(many).length, encoder.rows(many).length];
    expect(sizes[0]).toBe(4); // the magic word
    expect(sizes[1]).toBeGreaterThan(10_000);
    const rows = await parquetReadObjects({ file: (await encoded("parquet", [many, many, many])).buffer });
    expect(rows).toHaveLength(3 * count);
    expect(rows[12_345]).toMatchObject({ index: 12_345, cluster: 2345 % 7, distance: 2345 / 3, name: null });
  });
});
