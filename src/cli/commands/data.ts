import { jsonText } from "../../node/index.ts";
import type { DataSetSettings, TalkSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { renderTable } from "../table.ts";

/** Lists the named data sets. */
export async function list(settings: TalkSettings, effects: Effects): Promise<number> {
  const sets = await effects.listDataSets();
  if (settings.json) {
    effects.write(jsonText({ dataSets: sets, folders: effects.dataFolders() }));
    return 0;
  }
  const columns = ["Name", "Images", "Licence", "Where"].map((head) => ({ head, align: "left" as const }));
  const rows = sets.map(({ name, description, licence, folder, downloadBytes }) => [
    name,
    description,
    licence,
    folder ?? `not here (${(downloadBytes / 1e6).toFixed(0)} MB to download)`,
  ]);
  const drawn = ["strokes", "10,000 drawn digits, 28 x 28 grey", "MIT", "drawn by the program itself"];
  effects.write(renderTable(columns, [drawn, ...rows]));
  return 0;
}

/** Downloads a data set, where it is missing. */
export async function fetch(settings: DataSetSettings, effects: Effects): Promise<number> {
  const fetched = await effects.fetchDataSet(settings.name);
  effects.progress.done();
  const { name, folder, downloaded } = fetched;
  const done = downloaded.length > 0 ? `${downloaded.length} files downloaded and checked` : "already there";
  effects.write(settings.json ? jsonText(fetched) : `${name}: ${done}, in ${folder}\n`);
  return 0;
}

/** Tells where a data set lies. */
export async function path(settings: DataSetSettings, effects: Effects): Promise<number> {
  const folder = await effects.dataSetPath(settings.name);
  effects.write(settings.json ? jsonText({ name: settings.name, folder }) : `${folder}\n`);
  return 0;
}
