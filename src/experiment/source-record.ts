import { type ImageSource, readingOf } from "../images/index.ts";
import type { SourceRecord } from "./record.ts";

/**
 * What a run keeps about its images.
 *
 * @param size side to which the source was asked to bring its images, where it was; default: as the source says
 */
export function sourceRecord(source: ImageSource, size: number | undefined = source.size): SourceRecord {
  const { count, height, width, channels, labels, classNames, values } = source.images;
  return {
    name: source.name,
    location: source.location,
    split: source.split,
    ...(source.limit !== undefined && { limit: source.limit }),
    ...(size !== undefined && { size }),
    ...(values && { vectors: true as const }),
    ...readingOf(source),
    count,
    height,
    width,
    channels,
    labelled: labels !== undefined,
    ...(classNames && { classNames }),
    ...(source.skipped && { skipped: source.skipped.length }),
    sha256: source.sha256,
  };
}
