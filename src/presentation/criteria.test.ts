import { expect, test } from "vitest";
import { panelCriteria } from "../number-of-clusters/index.ts";
import { criterionDescriptions } from "./criteria.ts";

test("every criterion is described, in the order of panels", () => {
  expect(criterionDescriptions.map(({ name }) => name)).toEqual(panelCriteria);
});
