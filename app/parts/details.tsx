import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { EditState, ImageView, RunView } from "../../src/explorer/protocol.ts";
import { prepared, type RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { count, faultText, percent, short } from "../state/words.ts";
import { Bar, ClusterBadge, Failure, Picture, Tile } from "./parts.tsx";

/** One image: large, with what is known of it; `null` says how one comes by an image. */
export function Details({
  session,
  view,
  edits,
  index,
  pinned,
  onOpen,
  onCluster,
}: {
  session: RunSession;
  view: RunView;
  edits: EditState | null;
  index: number | null;
  pinned: boolean;
  onOpen: (index: number | null) => void;
  onCluster: (cluster: number) => void;
}): VNode {
  const { image, error } = useImage(session, index, edits?.version ?? 0);
  if (index === null) {
    return (
      <section class="details empty" aria-label="Image">
        <p>Point at an image to see it here; click to keep it.</p>
        <p class="soft">With the keyboard: focus the map and press the arrow keys.</p>
      </section>
    );
  }
  const names = new Map(edits?.clusters.map(({ cluster, name }) => [cluster, name]));
  const shown = image?.index === index ? image : null;
  const likely = (shown?.likely ?? []).filter(({ probability }) => probability >= 0.0005).slice(0, 4);
  return (
    <section class="details" aria-label={`Image ${index}`}>
      <header>
        <h2>{shown?.name ?? `Image ${count(index)}`}</h2>
        {pinned && (
          <button type="button" class="quiet" aria-label="Close the image" onClick={() => onOpen(null)}>
            ✕
          </button>
        )}
      </header>
      <div class="pair">
        <figure>
          <Picture
            view={view}
            src={session.picture("images", index)}
            index={index}
            side={132}
            alt={`Image ${index}`}
          />
          <figcaption>image</figcaption>
        </figure>
        {view.decoder && (
          <figure>
            <Picture
              view={view}
              src={session.picture("reconstructions", index)}
              index={index}
              side={132}
              alt={`What the network makes of image ${index}`}
            />
            <figcaption>reconstruction</figcaption>
          </figure>
        )}
      </div>
      {!view.images.available && (
        <p class={isBeingRead(view) ? "soft" : "notice-line"}>{view.images.reason}</p>
      )}
      {error && <Failure text={error} />}
      {shown && (
        <>
          <dl class="facts">
            <dt>Cluster</dt>
            <dd>
              <button type="button" class="link" onClick={() => onCluster(shown.cluster)}>
                <ClusterBadge cluster={shown.cluster} name={names.get(shown.cluster) ?? null} />
              </button>
            </dd>
            {shown.class !== null && (
              <>
                <dt>Class</dt>
                <dd>{shown.class}</dd>
              </>
            )}
            {shown.probability !== null && (
              <>
                <dt>Probability</dt>
                <dd>{percent(shown.probability)}</dd>
              </>
            )}
            {shown.distance !== null && (
              <>
                <dt>Distance to center</dt>
                <dd>{short(shown.distance)}</dd>
              </>
            )}
            {shown.reconstructionError !== null && (
              <>
                <dt>Reconstruction error</dt>
                <dd>{short(shown.reconstructionError)}</dd>
              </>
            )}
          </dl>
          {likely.length > 1 && (
            <>
              <h3>Might also be</h3>
              <ul class="likely">
                {likely.map(({ cluster, probability }) => (
                  <li key={cluster}>
                    <ClusterBadge cluster={cluster} name={names.get(cluster) ?? null} />
                    <Bar share={probability} label={`${percent(probability)} probable`} />
                    <span class="number">{percent(probability)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {session.offers.neighbors && <h3>Nearest images</h3>}
          {!session.offers.neighbors ? null : shown.neighbors.length > 0 ? (
            <div class="tiles">
              {shown.neighbors.slice(0, 10).map(({ index: other, cluster }) => (
                <Tile
                  key={other}
                  session={session}
                  view={view}
                  index={other}
                  side={44}
                  label={`Image ${other}, cluster ${cluster}: go there`}
                  onOpen={onOpen}
                />
              ))}
            </div>
          ) : (
            <p class="soft">
              {isPending(shown) || isBeingRead(view)
                ? "The run's features are still being made; they come by themselves."
                : "None are known."}
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** Whether the images are not there yet, rather than lost. */
const isBeingRead = ({ images }: RunView): boolean => !images.available && images.pending === true;

const isPending = ({ pending }: ImageView): boolean => (pending?.length ?? 0) > 0;

/** What the server knows of an image; asked for once a person stays with it for a moment. */
function useImage(
  session: RunSession,
  index: number | null,
  version: number,
): { image: ImageView | null; error: string | null } {
  const [image, setImage] = useState<ImageView | null>(null);
  const [error, setError] = useState<string | null>(null);
  const made = useStore(prepared);
  // after an edit, or once the server has more, it is asked anew.
  useEffect(() => {
    setError(null);
    if (index === null) return;
    let over = false;
    const timer = setTimeout(() => {
      session.image(index).then(
        (value) => !over && setImage(value),
        (reason) => !over && setError(faultText(reason)),
      );
    }, 60);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [session, index, version, made]);
  return { image, error };
}
