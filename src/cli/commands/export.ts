import { throwIfCancelled } from "../../estimator.ts";
import { createOutputFolder, jsonText, namesOf, readEdits, readResult } from "../../node/index.ts";
import type { ExportSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { checkParts, type ExportPart, type ExportPlace, parts, where } from "../export/parts.ts";
import { plural } from "../results-text.ts";

/** Takes out of a run what was asked for, into a folder of its own. */
export async function run(settings: ExportSettings, effects: Effects): Promise<number> {
  const what = checkParts(settings.what);
  const folder = settings.run;
  const { record, assignments: found } = await readResult(folder);
  const run = { record, labels: found.clusters };
  const edited = await readEdits(folder, run, settings);
  const foundNames = namesOf(await readEdits(folder, run, { original: true }));
  const assignments = { ...found, clusters: edited.labels };
  const names = namesOf(edited);
  const isEdited = edited.route.length > 0 || edited.labels !== found.clusters;
  const to = settings.to ?? `${folder.replace(/[/\\]+$/, "")}-export`;
  const output = await createOutputFolder(to, { force: settings.force, flag: "--to" });
  const written: string[] = [];
  const notices: string[] = [];
  const place: ExportPlace = {
    ...{
      folder,
      record,
      assignments,
      edited,
      isEdited,
      names,
      foundNames,
      output,
      settings,
      effects,
      asked: new Map(),
    },
    write: async (path, content) => {
      throwIfCancelled(where, effects.signal);
      await output.write(path, content);
      written.push(path);
    },
    notice: (text) => {
      notices.push(text);
    },
  };
  try {
    let images: Awaited<ReturnType<ExportPart>>;
    for (const part of what) {
      effects.progress.show(`Exporting ${part}`);
      images = (await parts[part](place)) ?? images;
    }
    const clusters = edited.clusters.map(({ cluster, name, size }) => ({
      ...{ cluster, name, images: size },
      ...(images && { folder: images.folders.get(cluster) }),
    }));
    const { linked = 0, copied = 0, drawn = 0, missing = 0 } = images ?? {};
    const result = {
      ...{ run: folder, to, what, clusters, written },
      ...(images && { images: { linked, copied, drawn, missing } }),
      notices,
    };
    // Last: with it, the folder is known as whole, and as ours.
    await output.write("export.json", jsonText({ format: "unlabeled-export", formatVersion: 1, ...result }));
    throwIfCancelled(where, effects.signal);
    await output.commit();
    effects.progress.done();
    for (const notice of notices) effects.warn(`unlabeled: ${notice}`);
    effects.write(settings.json ? jsonText(result) : resultText(result));
    return 0;
  } finally {
    await output.discard();
  }
}

interface Exported {
  readonly to: string;
  readonly written: readonly string[];
  readonly images?: { readonly linked: number; readonly copied: number; readonly drawn: number };
}

function resultText({ to, written, images }: Exported): string {
  const tops = new Map<string, number>();
  for (const path of written) {
    const top = path.includes("/") ? `${path.slice(0, path.indexOf("/"))}/` : path;
    tops.set(top, (tops.get(top) ?? 0) + 1);
  }
  const lines = [...tops].map(([top, n]) => (top.endsWith("/") ? `${top} (${plural(n, "file")})` : top));
  if (images) {
    const ways = [
      [images.linked, "as links to the originals"],
      [images.copied, "copied from the originals"],
      [images.drawn, "written as PNG"],
    ] as const;
    const said = ways.filter(([n]) => n > 0).map(([n, how]) => `${plural(n, "image")} ${how}`);
    lines.push(`clusters/ (${said.join(", ") || "no images"})`);
  }
  return `${lines.map((line) => `  ${line}\n`).join("")}Exported: ${to}\n`;
}
