import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commands } from "./commands.ts";
import { checkSettings, checkStoredSettings } from "./settings.ts";
import { renderTable } from "./table.ts";
import { UsageError } from "./usage-error.ts";

describe("checkSettings", () => {
  test("is complete without any option: every name is there, defaults in place", () => {
    for (const { name, options } of commands) {
      const settings = checkSettings(name, options, {});
      expect(Object.keys(settings).sort()).toEqual(Object.keys(options).sort());
    }
    const cluster = commands.find(({ name }) => name === "cluster");
    expect(checkSettings("cluster", cluster?.options ?? {}, {})).toEqual({
      ...{
        method: undefined,
        clusters: undefined,
        runs: 1,
        score: undefined,
        seed: 0,
        restarts: undefined,
      },
      ...{
        ...{ epochs: undefined, codeSize: undefined, widths: undefined, loss: undefined, batch: undefined },
        learningRate: undefined,
        ...{ init: undefined, maxIterations: undefined, tolerance: undefined, covariance: undefined },
        ...{ neighbors: undefined, sample: undefined, resolution: undefined, thorough: false },
        split: "all",
        limit: undefined,
        size: undefined,
        ...{ fit: undefined, grey: false, shape: undefined, scaling: undefined },
        ...{ idColumn: undefined, labelColumn: undefined, maxBad: undefined, noCache: false },
      },
      ...{ encoder: undefined, dryRun: false },
      ...{ out: undefined, force: false, threads: undefined, json: false, quiet: false, debug: false },
    });
  });

  test("gives numbers for text that spells them, as a person writes them", () => {
    const { options = {} } = commands.find(({ name }) => name === "cluster") ?? {};
    const given = { seed: "0042", tolerance: "1e-4", clusters: "+7", force: true, widths: "32, 16" };
    expect(checkSettings("cluster", options, { ...given, learningRate: ".5" })).toMatchObject({
      ...{ seed: 42, tolerance: 1e-4, clusters: 7, force: true, widths: [32, 16], learningRate: 0.5 },
    });
  });

  test("any text gives settings within their rules, or a UsageError", () => {
    const { options = {} } = commands.find(({ name }) => name === "cluster") ?? {};
    const text = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.constantFrom("0x10", "1_0", " 1", "1e3"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("clusters", "seed", "tolerance", "threads", "init"),
        text,
        (name, value) => {
          try {
            const settings = checkSettings("cluster", options, { [name]: value });
            const found = settings[name];
            if (name === "init") expect(["k-means++", "random", "k-means"]).toContain(found);
            else if (name === "tolerance") expect(found).toBeGreaterThanOrEqual(0);
            else expect(Number.isSafeInteger(found)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
          }
        },
      ),
    );
  });
});

describe("checkStoredSettings", () => {
  const cluster = commands.find(({ name }) => name === "cluster")?.options ?? {};
  const given = { seed: "7", widths: "32,16", learningRate: "0.1", loss: "bce", out: "a b", threads: "2" };

  test("takes what checkSettings gave, and JSON has kept, for every command", () => {
    for (const { name, options } of commands) {
      const known = Object.entries(given).filter(([key]) => key in options);
      const settings = checkSettings(name, options, Object.fromEntries(known));
      expect(checkStoredSettings("resume", options, JSON.parse(JSON.stringify(settings)))).toEqual(settings);
    }
  });

  test.each<[string, unknown, string]>([
    ["seed", -1, "resume: seed must be as this version has it; got a fault:"],
    ["seed", "7", "resume: seed must"],
    ["seed", undefined, "resume: seed must"],
    ["widths", [32, 0], "resume: widths.1 must"],
    ["loss", "mae", "resume: loss must"],
    ["learningRate", 0, "resume: learningRate must"],
    ["colour", "red", "resume: the settings must be as this version has it"],
  ])("refuses %s that is %j", (name, value, message) => {
    const settings = { ...checkSettings("cluster", cluster, given), [name]: value };
    const stored = JSON.parse(JSON.stringify(settings));
    expect(() => checkStoredSettings("resume", cluster, stored)).toThrow(UsageError);
    expect(() => checkStoredSettings("resume", cluster, stored)).toThrow(message);
  });
});

test("a name may hold a - but not begin with one, which is a flag whose value was forgotten", () => {
  const table = { out: { type: "text", flags: "--out <folder>", help: "" } } as const;
  expect(checkSettings("cluster", table, { out: "./-a" })).toEqual({ out: "./-a" });
  expect(() => checkSettings("cluster", table, { out: "--json" })).toThrow(
    'cluster: --out must be a name that does not begin with - (else write it as "./--json"); got "--json".',
  );
});

test("renderTable aligns columns by their widest cell and ends no line with a space", () => {
  const columns = [
    { head: "Name", align: "left" },
    { head: "N", align: "right" },
    { head: "Note", align: "left" },
  ] as const;
  expect(
    renderTable(columns, [
      ["a", "100", ""],
      ["long name", "±5", "x"],
    ]),
  ).toBe("Name         N  Note\na          100\nlong name   ±5  x\n");
});
