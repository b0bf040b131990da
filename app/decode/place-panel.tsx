import type { VNode } from "preact";
import type { EditState, RunView } from "../../src/explorer/protocol.ts";
import { ClusterBadge, Failure, Picture } from "../parts/parts.tsx";
import { saveAs } from "../parts/save-as.ts";
import { goTo } from "../state/address.ts";
import type { RunSession } from "../state/run-session.ts";
import { count } from "../state/words.ts";
import { placeText, placeWords } from "./ends.ts";
import type { Decoded } from "./use-decoded.ts";

/** What lies at the place, beside the nearest image. */
export function PlacePanel({
  session,
  view,
  edits,
  place,
  nearest,
  cluster,
  decoded,
  error,
  onWalk,
  onPlaceOf,
}: {
  session: RunSession;
  view: RunView;
  edits: EditState | null;
  place: readonly number[] | null;
  nearest: number | null;
  /** Of the nearest image. */
  cluster: number | null;
  decoded: Decoded | null;
  error: string | null;
  onWalk: (which: 0 | 1, end: string) => void;
  /** Goes where an image lies. */
  onPlaceOf: (image: number) => void;
}): VNode {
  const name = edits?.clusters.find((one) => one.cluster === cluster)?.name ?? null;
  return (
    <section class="details decode-place-panel" aria-label="The place">
      <header>
        <h2>{place ? `Place ${placeWords(place)}` : "Place"}</h2>
      </header>
      <div class="pair">
        <figure>
          {decoded ? (
            <img
              class="picture pixelated"
              width={132}
              height={132}
              src={decoded.url}
              alt={place ? `What is drawn at place ${placeWords(place)}` : ""}
            />
          ) : (
            <span class="no-picture" style={{ width: "132px", height: "132px" }} />
          )}
          <figcaption>decoded here</figcaption>
        </figure>
        {nearest !== null && (
          <figure>
            <Picture
              view={view}
              src={session.picture("images", nearest)}
              index={nearest}
              side={132}
              alt={`Image ${nearest}, the nearest in the plane`}
            />
            <figcaption>
              <button
                type="button"
                class="link"
                onClick={() => goTo({ tab: "map", image: nearest, camera: null })}
              >
                nearest image, {count(nearest)}
              </button>
            </figcaption>
          </figure>
        )}
      </div>
      {error && <Failure text={error} />}
      {cluster !== null && (
        <p class="decode-cluster">
          <span class="soft">Cluster of that image</span> <ClusterBadge cluster={cluster} name={name} />
        </p>
      )}
      <div class="joined">
        <button type="button" disabled={!place} onClick={() => place && onWalk(0, placeText(place))}>
          Walk from here
        </button>
        <button type="button" disabled={!place} onClick={() => place && onWalk(1, placeText(place))}>
          Walk to here
        </button>
        <button
          type="button"
          disabled={nearest === null}
          onClick={() => nearest !== null && onPlaceOf(nearest)}
        >
          To that image
        </button>
        <button
          type="button"
          class="quiet"
          disabled={!decoded}
          onClick={() => decoded && saveAs(decoded.blob, "decoded.png")}
        >
          Save PNG
        </button>
      </div>
    </section>
  );
}
