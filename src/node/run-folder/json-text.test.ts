import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonText } from "./json-text.ts";

test("jsonText puts lists of numbers on one line and everything else on lines of its own", () => {
  expect(jsonText({ name: "a", rows: [[1, 2], [3]], none: [] })).toBe(
    '{\n  "name": "a",\n  "rows": [\n    [1, 2],\n    [3]\n  ],\n  "none": []\n}\n',
  );
});

test("jsonText means the same as JSON.stringify, whatever the value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
