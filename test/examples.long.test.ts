import { test } from "vitest";
import { keepsItsPromises } from "./promises.ts";

test.each(["runs-and-new-images.mjs", "views-graph.mjs"])("%s", keepsItsPromises);
