/** The images of a run: those of its source, or, where that is gone, the pictures that the run keeps. */
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import type { RunRecord } from "../../experiment/index.ts";
import type { ImageSet } from "../../images/index.ts";
import { PICTURES_FILE, parseStoredPictures, readRunFile, type StoredPictures } from "../../node/index.ts";
import type { RunView } from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import type { ExplorerWorld } from "../world.ts";

/** One image in a set. */
export interface PlacedImage {
  readonly images: ImageSet;
  readonly index: number;
}

export class RunImages {
  private readonly folder: string;
  private readonly record: RunRecord;
  private readonly world: ExplorerWorld;
  private opening: Promise<ImageSet> | undefined;
  private opened: ImageSet | undefined;
  private fault: string | undefined;
  private stored: Promise<StoredPictures | undefined> | undefined;
  private samples: Promise<ReadonlyMap<number, PlacedImage>> | undefined;
  private readonly onSettled: () => void;

  /** @param onSettled called when it is known whether the source is there */
  constructor(folder: string, record: RunRecord, world: ExplorerWorld, onSettled: () => void) {
    this.folder = folder;
    this.record = record;
    this.world = world;
    this.onSettled = onSettled;
  }

  /**
   * All scored images.
   *
   * @throws {Refusal} 404 with the reason, where the source is gone or changed
   */
  all(): Promise<ImageSet> {
    this.opening ??= this.world
      .reopen(this.record.scored ?? this.record.source, this.folder)
      .then(({ images }) => {
        this.opened = images;
        return images;
      })
      .catch((error: unknown) => {
        this.fault = messageOf(error);
        throw new Refusal(404, this.fault);
      })
      .finally(() => this.onSettled());
    this.opening.catch(() => {}); // told by `availability`
    return this.opening;
  }

  /** Whether the images are there; pending while they are being read. */
  availability(): RunView["images"] {
    if (this.opened) return { available: true };
    if (this.fault !== undefined) return { available: false, reason: this.fault };
    return { available: false, reason: "The images are being read.", pending: true };
  }

  /**
   * One image, whether the source has been read yet or not.
   *
   * @throws {Refusal} 404 where only the source has it, and that is gone
   */
  async one(index: number): Promise<PlacedImage> {
    if (!this.opened) {
      const kept = (await this.kept()).get(index);
      if (kept) return kept;
    }
    return { images: await this.all(), index };
  }

  /** What the run's report was drawn from; undefined in runs of earlier versions. */
  pictures(): Promise<StoredPictures | undefined> {
    this.stored ??= this.readPictures();
    return this.stored;
  }

  private async readPictures(): Promise<StoredPictures | undefined> {
    const file = join(this.folder, PICTURES_FILE);
    try {
      const bytes = await readRunFile(file);
      return bytes && parseStoredPictures(bytes, file);
    } catch (error) {
      this.world.warn(`unlabeled: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** The images that the run keeps, by index. */
  private kept(): Promise<ReadonlyMap<number, PlacedImage>> {
    this.samples ??= this.pictures().then((pictures) => {
      const found = new Map<number, PlacedImage>();
      for (const { typical, borderline, random } of pictures?.exhibits.clusters ?? []) {
        for (const { indices, images } of [typical, borderline, random]) {
          indices.forEach((index, i) => {
            found.set(index, { images, index: i });
          });
        }
      }
      return found;
    });
    return this.samples;
  }
}
