import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { KeptView } from "../../src/explorer/protocol.ts";
import { goTo, readAddress } from "../state/address.ts";
import type { RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { minute } from "../state/words.ts";

/** The views that were kept for the report. */
export function SavedViews({ session }: { session: RunSession }): VNode {
  const kept = useStore(session.views);
  useEffect(session.wantViews, [session]);
  return (
    <section aria-label="Saved views" class="saved-views">
      <h2>Saved views</h2>
      {kept.state === "failed" && <p class="notice-line">{kept.error}</p>}
      {kept.state === "ready" && kept.value.views.length === 0 && (
        <p class="soft">None. “Keep” above the map puts what it shows into the report.</p>
      )}
      {kept.state === "ready" && (
        <ul>
          {kept.value.views.map((view) => (
            <li key={view.id}>
              <OneView session={session} view={view} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function OneView({ session, view }: { session: RunSession; view: KeptView }): VNode {
  const [caption, setCaption] = useState(view.caption);
  const busy = useStore(session.busy);
  const keep = (): void => {
    if (caption.trim() === view.caption) return;
    void session.changeViews({ do: "caption", id: view.id, caption }, "Kept the caption.");
  };
  const src = session.link(`views/${view.id}.png`) ?? "";
  return (
    <figure>
      <a
        href={view.address}
        title="Open this view"
        onClick={(event) => {
          event.preventDefault();
          goTo({ ...readAddress(view.address), run: session.id });
        }}
      >
        <img src={src} alt={view.caption || `Saved view ${view.id}`} loading="lazy" />
      </a>
      <figcaption>
        <textarea
          aria-label={`Caption of saved view ${view.id}`}
          rows={2}
          maxLength={2000}
          value={caption}
          onInput={(event) => setCaption(event.currentTarget.value)}
          onBlur={keep}
        />
        <span class="soft">{minute(view.at)}</span>
        <button
          type="button"
          disabled={busy}
          aria-label={`Remove saved view ${view.id}`}
          onClick={() => void session.changeViews({ do: "remove", id: view.id }, "Removed the saved view.")}
        >
          Remove
        </button>
      </figcaption>
    </figure>
  );
}
