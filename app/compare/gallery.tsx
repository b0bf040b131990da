import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RunView } from "../../src/explorer/protocol.ts";
import { Tile } from "../parts/parts.tsx";
import type { Numbers, RunSession } from "../state/run-session.ts";
import { count, images } from "../state/words.ts";

const page = 120;

/** The images that are selected in both maps. */
export function Gallery({
  session,
  view,
  title,
  indices,
  clusters,
  marked,
  onOpen,
  onClose,
}: {
  session: RunSession;
  view: RunView;
  title: string;
  indices: readonly number[];
  /** Of each image, in either run. */
  clusters: readonly [Numbers, Numbers];
  marked: number | null;
  onOpen: (image: number) => void;
  onClose: () => void;
}): VNode {
  const [shown, setShown] = useState(page);
  // another selection begins with its first page.
  useEffect(() => setShown(page), [title]);
  return (
    <section class="compare-gallery" aria-label={title}>
      <header>
        <h2>
          {title} <span class="soft">{images(indices.length)}</span>
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <div class="tiles">
        {indices.slice(0, shown).map((index) => (
          <Tile
            key={index}
            session={session}
            view={view}
            index={index}
            side={46}
            current={index === marked}
            label={`Image ${index}: cluster ${clusters[0][index]} here, ${clusters[1][index]} there`}
            onOpen={onOpen}
          />
        ))}
      </div>
      {indices.length > shown && (
        <button type="button" onClick={() => setShown(shown + 4 * page)}>
          Show more ({count(indices.length - shown)} left)
        </button>
      )}
    </section>
  );
}
