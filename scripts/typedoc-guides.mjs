// What TypeDoc needs to make one site of the guides and the library's reference (`npm run site`): guides are named by
// their headings, lie under guides/ by the names of their files, and stand in the groups and the order of docs/index.md.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Converter, KindRouter, ReflectionKind } from "typedoc";

const root = new URL("../", import.meta.url);

/** Pages in their order, each with its group: those that docs/index.md names, then the project's own. */
function guides() {
  const found = [{ path: "docs/index.md", group: "First steps" }];
  let group = "";
  for (const line of readFileSync(new URL("docs/index.md", root), "utf8").split("\n")) {
    group = /^## (.*)/.exec(line)?.[1] ?? group;
    const page = /^- \[[^\]]*\]\(([\w-]+\.md)\)/.exec(line)?.[1];
    if (page) found.push({ path: `docs/${page}`, group });
  }
  const project = ["ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/RESULTS.md"];
  return [...found, ...project.map((path) => ({ path, group: "Project" }))];
}

const modules = { index: "unlabeled", node: "unlabeled/node" };

/** Addresses of guides by the names of their files, whatever their headings are. */
class GuidesRouter extends KindRouter {
  getIdealBaseName(reflection) {
    return reflection.frontmatter?.address ?? super.getIdealBaseName(reflection);
  }
}

/** @param {import("typedoc").Application} app */
export function load(app) {
  const pages = guides();
  app.renderer.defineRouter("guides", GuidesRouter);
  app.on("bootstrapEnd", () => {
    app.options.setValue(
      "projectDocuments",
      pages.map(({ path }) => path),
    );
    app.options.setValue("groupOrder", [...new Set(pages.map(({ group }) => group)), "*"]);
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const page = pages.find(
      ({ path }) => path.replace(/\.md$/, "") === document.name || basename(path, ".md") === document.name,
    );
    if (!page)
      throw new Error(`typedoc-guides: every document must be a page that it gave; got ${document.name}.`);
    const [, heading] = /^# (.*)$/m.exec(readFileSync(new URL(page.path, root), "utf8")) ?? [];
    const name = page.path === "bench/RESULTS.md" ? "measurements" : basename(page.path, ".md").toLowerCase();
    document.name = name === "measurements" ? "Measurements" : (heading ?? name);
    document.frontmatter = { group: page.group, address: `guides/${name}` };
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      module.name = modules[module.name] ?? module.name;
    }
  });
}
