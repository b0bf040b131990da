import { test } from "vitest";
import { describeNative } from "../../neural/testing/runtimes.ts";
import { colour } from "./testing/images.ts";
import { expectToLearn } from "./testing/learns.ts";
import { tiny } from "./testing/tiny.ts";

describeNative("every architecture", (runtime) => {
  test.each(Object.keys(tiny))("learns small images in colour: %s", (architecture) =>
    expectToLearn(architecture, colour, runtime()),
  );
});
