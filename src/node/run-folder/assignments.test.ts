import { describe, expect, test } from "vitest";
import { parseAssignmentsInSlices } from "./assignments.ts";

const header = "index,file,label,cluster,probability,distance\n";

describe("assignments.csv in slices", () => {
  test("says of each image what its row says, wherever slices end, also within quotes", async () => {
    const count = 14_000; // several slices
    const name = (i: number): string =>
      i % 7 === 0 ? `a "quoted",\n\r\nname ${i} ${"x".repeat(40)}` : `plain/${i}.png`;
    const field = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const rows = Array.from(
      { length: count },
      (_, i) => `${i},${field(name(i))},c${i % 3},${i % 4},0.5,${i / 2}\n`,
    );
    const text = header + rows.join("");
    expect(text.length).toBeGreaterThan(400_000);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const read = await parseAssignmentsInSlices(text, "file", 4);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
    expect(read.files).toEqual(Array.from({ length: count }, (_, i) => name(i)));
    expect(read.labels).toEqual(Array.from({ length: count }, (_, i) => `c${i % 3}`));
    expect([...read.clusters]).toEqual(Array.from({ length: count }, (_, i) => i % 4));
    expect([...read.distances]).toEqual(Array.from({ length: count }, (_, i) => i / 2));
  });

  test("columns without anything are absent, and faults are told with their row", async () => {
    const bare = await parseAssignmentsInSlices(`${header}0,,,1,,2.5`, "file", 2);
    expect(Object.keys(bare).sort()).toEqual(["clusters", "distances"]);
    await expect(parseAssignmentsInSlices("", "file", 2)).rejects.toThrow('"file" must start with');
    await expect(parseAssignmentsInSlices(`${header}0,,,1,,1\n2,,,1,,1`, "file", 2)).rejects.toThrow("row 2");
    await expect(parseAssignmentsInSlices(`${header}0,,,2,,1`, "file", 2)).rejects.toThrow("0..1");
  });
});
