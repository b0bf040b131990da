// The directions in which imports may point, as ARCHITECTURE.md draws them. Read by `npm run check:imports`.
import { readdirSync } from "node:fs";

/** Layers of src/ from the top: each imports only what stands above it. */
const layers = [
  "errors.ts",
  "spelling.ts",
  "matrix/",
  "partitions/",
  "random/",
  "images/",
  "kernels/",
  "estimator.ts",
  "neural/",
  "features/",
  "manifold/",
  "cluster/",
  "joint/",
  "metrics/",
  "number-of-clusters/",
  "pipeline/",
  "experiment/",
  "edits/",
  "presentation/",
  "report/",
  "node/",
  "explorer/",
  "cli/",
];
/** Layers in which something is computed. */
const computing = layers.slice(layers.indexOf("kernels/"), layers.indexOf("experiment/"));
/** What only tests use, and tests: they may look down the layers and into any `testing/`. */
const testCode = ["\\.test\\.ts$", "/testing/", "^test/"];

const inSrc = (...names) => names.map((name) => `^src/${name.replace(".", "\\.")}`);

const layerRules = layers.slice(0, -1).map((layer, index) => ({
  name: `layer-${layer.replace(/\W.*/, "")}`,
  comment: `src/${layer} imports only what stands above it: ${layers.slice(0, index).join(", ") || "nothing"}.`,
  severity: "error",
  from: { path: inSrc(layer), pathNot: testCode },
  to: { path: inSrc(...layers.slice(index + 1), "index.ts") },
}));

const siblings = ["cluster", "features", "metrics"];
const siblingRules = siblings.map((folder) => ({
  name: `strangers-${folder}`,
  comment: `${siblings.join(", ")} do not know each other: the pipeline joins them.`,
  severity: "error",
  from: { path: inSrc(`${folder}/`), pathNot: testCode },
  to: { path: inSrc(...siblings.filter((other) => other !== folder).map((other) => `${other}/`)) },
}));

/** Which clusterers may use which others, and why. */
const clusterers = {
  "gaussian-mixture": ["k-means"], // a mixture may start from the centers of K-Means
  "mini-batch-k-means": ["k-means"], // its batches are assigned as those of K-Means, and its first centers are found so
  consensus: ["graph", "k-means"], // its partitions are those of graphs; K-Means reads their singular vectors
};
const clustererRules = readdirSync("src/cluster").map((folder) => ({
  name: `cluster-${folder}`,
  comment: `Clusterers stand alone; ${folder} may use ${clusterers[folder]?.join(" and ") ?? "no other"}.`,
  severity: "error",
  from: { path: inSrc(`cluster/${folder}/`), pathNot: testCode },
  to: {
    path: inSrc("cluster/"),
    pathNot: inSrc(...[folder, ...(clusterers[folder] ?? [])].map((other) => `cluster/${other}/`)),
  },
}));

/** The report is written against these two files, which hold types alone. */
const records = "^src/experiment/(record|exhibits)\\.ts$";
/** What page and server agree on: types alone. */
const protocol = "^src/explorer/protocol\\.ts$";

/** Layers of the page from the bottom: each imports only what stands before it; those in one line do not know each other. */
const pageLayers = [
  ["state"],
  ["charts", "parts"],
  ["canvas"],
  ["map", "decode", "compare", "confusion", "clusters", "live", "run", "steps"],
  ["k"], // whose map is that of the map view
  ["shell"],
];
const inApp = (...names) => names.map((name) => `^app/${name}/`);
const pageRules = pageLayers.flatMap((layer, index) =>
  layer.map((name) => ({
    name: `page-${name}`,
    comment: `app/${name}/ imports only what stands below it: ${pageLayers.slice(0, index).flat().join(", ") || "nothing"}.`,
    severity: "error",
    from: { path: inApp(name), pathNot: testCode },
    to: {
      path: [
        "^app/main\\.tsx$",
        ...inApp(
          ...pageLayers
            .slice(index)
            .flat()
            .filter((other) => other !== name),
        ),
      ],
    },
  })),
);

/** Every folder below src/ that has an index.ts is entered through it. */
const entryRules = readdirSync("src", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.name === "index.ts" && entry.parentPath !== "src")
  .map(({ parentPath }) => parentPath.replaceAll("\\", "/"))
  .filter((folder) => folder !== "src/kernels/assembly")
  .sort()
  .map((folder) => ({
    name: `enter-${folder.slice("src/".length).replaceAll("/", "-")}`,
    comment: `${folder} is entered through its index.ts.`,
    severity: "error",
    from: { pathNot: [`^${folder}/`, `^${folder.split("/", 2).join("/")}/testing/`] },
    to: { path: `^${folder}/`, pathNot: [`^${folder}/index\\.ts$`, "/testing/", records, protocol] },
  }));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circle",
      comment: "Modules that import each other in a circle cannot be understood, or tested, one by one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    ...layerRules,
    ...siblingRules,
    ...clustererRules,
    ...pageRules,
    ...entryRules,
    {
      name: "report-reads-records",
      comment: "The report computes nothing, so that a chart can be drawn again without fitting again.",
      severity: "error",
      from: { path: inSrc("report/"), pathNot: testCode },
      to: { path: inSrc(...computing, "platform/") },
    },
    {
      name: "report-knows-types-of-experiment",
      comment: "Of experiment/, the report imports types alone.",
      severity: "error",
      from: { path: inSrc("report/"), pathNot: testCode },
      to: { path: inSrc("experiment/"), dependencyTypesNot: ["type-only"] },
    },
    {
      name: "entry-runs-anywhere",
      comment: "What is published as `.` runs in a browser too: nothing on its way needs Node.",
      severity: "error",
      from: { path: inSrc("index.ts") },
      to: { path: inSrc("node/", "explorer/", "cli/"), reachable: true },
    },
    {
      name: "platform-stands-alone",
      comment: "src/platform knows nothing of the program.",
      severity: "error",
      from: { path: inSrc("platform/"), pathNot: testCode },
      to: { path: "^src/", pathNot: inSrc("platform/", "errors.ts") },
    },
    {
      name: "platform-by-name",
      comment:
        "One side is picked by the package's imports map: import `#platform`, or types from platform.ts.",
      severity: "error",
      from: { path: "^src/", pathNot: inSrc("platform/", "kernels/", "neural/", "node/", "cli/") },
      to: { path: inSrc("platform/") },
    },
    {
      name: "platform-node-by-name",
      comment: "What runs anywhere imports `#platform`, never one side of it.",
      severity: "error",
      from: { path: inSrc("kernels/", "neural/"), pathNot: testCode },
      to: { path: inSrc("platform/(node|browser)."), dependencyTypesNot: ["aliased"] },
    },
    {
      name: "node-builtins",
      comment: "Everything but platform/node.ts, node/, explorer/ and cli/ also runs in a browser.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: [...inSrc("platform/node.ts", "node/", "explorer/", "cli/"), ...testCode],
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "testing-only-from-tests",
      severity: "error",
      from: { pathNot: testCode },
      to: { path: "(^|/)testing/" },
    },
    {
      name: "nobody-imports-tests",
      severity: "error",
      from: {},
      to: { path: "\\.test\\.ts$" },
    },
    {
      name: "declared-dependencies",
      comment: "What the package needs at run time stands among its dependencies.",
      severity: "error",
      from: { path: "^src/", pathNot: testCode },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "page-knows-the-protocol",
      comment:
        "The explorer's page imports of src/ only the types of what it and its server say to each other, and the words and colours that it shares with the report.",
      severity: "error",
      from: { path: "^app/" },
      to: { path: "^src/", pathNot: [protocol, ...inSrc("presentation/index.ts")] },
    },
    {
      name: "page-imports-types",
      comment: "Of the protocol, the page imports types alone.",
      severity: "error",
      from: { path: "^app/" },
      to: { path: protocol, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "presentation-knows-types",
      comment:
        "What report and page share computes nothing and reads nothing: of other folders it knows types alone.",
      severity: "error",
      from: { path: inSrc("presentation/"), pathNot: testCode },
      to: { path: "^src/", pathNot: inSrc("presentation/"), dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-imports-the-page",
      severity: "error",
      from: { pathNot: "^app/" },
      to: { path: "^app/" },
    },
    {
      name: "terminal-packages",
      comment: "Packages of the command line stay in it.",
      severity: "error",
      from: { path: "^src/", pathNot: inSrc("cli/") },
      to: { path: "node_modules/(commander|ora)/" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^dist/"] },
    exclude: { path: ["^src/kernels/assembly/"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: "specify",
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
