/** Small pieces that every view is made of. */
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RunView } from "../../src/explorer/protocol.ts";
import type { PictureAddress } from "../state/backend.ts";
import { css, groupColour, inkOn } from "../state/colours.ts";
import type { Loaded, RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";

/** A spot in the colour of a group. */
export function Swatch({ group }: { group: number }): VNode {
  return (
    <span
      class="swatch"
      aria-hidden="true"
      style={{ background: css(groupColour(group, useStore(theme))) }}
    />
  );
}

/** The number of a cluster on its colour. */
export function ClusterBadge({ cluster, name }: { cluster: number; name?: string | null }): VNode {
  const colour = groupColour(cluster, useStore(theme));
  return (
    <span class="badge-line">
      <span class="badge" style={{ background: css(colour), color: inkOn(colour) }}>
        {cluster}
      </span>
      {name && <span class="badge-name">{name}</span>}
    </span>
  );
}

/** What is asked for: a line while it comes, words where it failed, its content when it is there. */
export function Asked<T>({
  of,
  what,
  retry,
  children,
}: {
  of: Loaded<T>;
  what: string;
  retry: () => void;
  children: (value: T) => ComponentChildren;
}): VNode {
  if (of.state === "loading") return <Waiting what={what} />;
  if (of.state === "failed") return <Failure text={of.error} retry={retry} />;
  return <>{children(of.value)}</>;
}

export function Waiting({ what, done }: { what: string; done?: number }): VNode {
  return (
    <div class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{what}</span>
      {done !== undefined && done > 0 && <progress value={done} max={1} aria-label={what} />}
    </div>
  );
}

export function Failure({ text, retry }: { text: string; retry?: (() => void) | undefined }): VNode {
  return (
    <div class="failure" role="alert">
      <p>{text}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The picture of one image, that opens it; its number where images have no pictures. */
export function Tile({
  session,
  view,
  index,
  label,
  side = 56,
  current = false,
  selected,
  onOpen,
}: {
  session: RunSession;
  view: RunView;
  index: number;
  label: string;
  side?: number;
  current?: boolean;
  selected?: boolean;
  onOpen: (index: number, event: MouseEvent) => void;
}): VNode {
  return (
    <button
      type="button"
      class={`tile${current ? " current" : ""}${selected ? " selected" : ""}`}
      aria-label={label}
      aria-pressed={selected}
      title={label}
      onClick={(event) => onOpen(index, event)}
    >
      <Picture view={view} src={session.picture("images", index)} index={index} side={side} />
    </button>
  );
}

export function Picture({
  view,
  src,
  index,
  side,
  alt = "",
}: {
  view: RunView;
  src: PictureAddress;
  index: number;
  side: number;
  alt?: string;
}): VNode {
  const [failed, setFailed] = useState<PictureAddress | null>(null);
  const [made, setMade] = useState<{ readonly of: PictureAddress; readonly address: string } | null>(null);
  // an address that is still being made is waited for.
  useEffect(() => {
    if (typeof src === "string") return;
    let over = false;
    src.then(
      (address) => !over && setMade({ of: src, address }),
      () => !over && setFailed(src),
    );
    return () => {
      over = true;
    };
  }, [src]);
  const address = typeof src === "string" ? src : made?.of === src ? made.address : null;
  if (view.image === null || failed === src) {
    return (
      <span class="no-picture" style={{ width: `${side}px`, height: `${side}px` }}>
        {index}
      </span>
    );
  }
  if (address === null) return <span class="picture" style={{ width: `${side}px`, height: `${side}px` }} />;
  const small = view.image.width < side;
  return (
    <img
      class={small ? "picture pixelated" : "picture"}
      src={address}
      alt={alt}
      width={side}
      height={side}
      loading="lazy"
      decoding="async"
      onError={() => setFailed(src)}
    />
  );
}

/** A score with its name, and its meaning for those who ask. */
export function Bar({ share, label }: { share: number; label: string }): VNode {
  return (
    <span class="bar" role="img" aria-label={label}>
      <span class="bar-fill" style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
    </span>
  );
}
