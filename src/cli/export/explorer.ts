import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeExplorerFolder } from "../../explorer/index.ts";
import { openCompute, openNetworks } from "../open.ts";
import { grouped } from "../results-text.ts";
import { UsageError } from "../usage-error.ts";
import { openedSource, where } from "./once.ts";
import type { ExportPlace } from "./place.ts";

/** The built page, beside the compiled program. */
const pageFolder = fileURLToPath(new URL("../../app/", import.meta.url));

/** The explorer of the run, as files. */
export async function explorer(place: ExportPlace): Promise<undefined> {
  const { folder, settings, effects, write, notice } = place;
  if (settings.original) {
    throw new UsageError(
      `${where}: the explorer shows clusters as they were edited; got --original. Leave it out, or explorer out of --what.`,
    );
  }
  if (!existsSync(pageFolder) && !settings.what.includes("explorer")) {
    notice("the explorer is left out: its page is not built (npm run build).");
    return;
  }
  const compute = openCompute(undefined, effects);
  let runtime: ReturnType<typeof openNetworks> | undefined;
  try {
    const written = await writeExplorerFolder(
      {
        ...{ run: folder, pageFolder, most: settings.explorerImages, signal: effects.signal },
        write: (path, content) => write(`explorer/${path}`, content),
        show: (what) => effects.progress.show(`Exporting explorer: ${what}`),
      },
      {
        compute,
        now: () => effects.now(),
        date: () => effects.date(),
        warn: (text) => effects.warn(text),
        reopen: () => openedSource(place),
        runtime: () => {
          runtime ??= openNetworks(effects.hardwareThreads, effects);
          return runtime;
        },
      },
    );
    if (written.images < written.imagesOfRun) {
      notice(
        `the explorer's map holds a sample of ${grouped(written.images)} of ${grouped(written.imagesOfRun)} images (--explorer-images).`,
      );
    }
    if (written.withoutPictures) notice(`the explorer's folder: ${written.withoutPictures}.`);
  } finally {
    compute.close();
    await runtime?.then(
      (opened) => opened.close(),
      () => {}, // it could not be opened: centers are then means
    );
  }
}
