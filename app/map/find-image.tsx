import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { FoundImages } from "../../src/explorer/protocol.ts";
import type { RunSession } from "../state/run-session.ts";
import { count, faultText, images } from "../state/words.ts";

/** Goes to an image by its number or a part of its name. */
export function FindImage({
  session,
  named,
  onOpen,
}: {
  session: RunSession;
  /** Whether images have names. */
  named: boolean;
  onOpen: (index: number) => void;
}): VNode {
  const [wanted, setWanted] = useState("");
  const [found, setFound] = useState<FoundImages | string | null>(null);
  const look = async (): Promise<void> => {
    if (wanted.trim() === "") return setFound(null);
    try {
      const answer = await session.find(wanted);
      setFound(answer);
      const [first] = answer.images;
      if (first) onOpen(first.index);
    } catch (error) {
      setFound(faultText(error));
    }
  };
  const what = named ? "Number or name" : "Number";
  return (
    <form
      class="find-image"
      aria-label="Find an image"
      onSubmit={(event) => {
        event.preventDefault();
        void look();
      }}
    >
      <span class="joined">
        <input
          type="search"
          aria-label={`${what} of an image`}
          placeholder={`${what} of an image …`}
          value={wanted}
          onInput={(event) => {
            setWanted(event.currentTarget.value);
            setFound(null);
          }}
        />
        <button type="submit">Find</button>
      </span>
      <div role="status">
        {typeof found === "string" && <p class="notice-line">{found}</p>}
        {found !== null && typeof found !== "string" && found.total !== 1 && (
          <p class="soft">{found.total === 0 ? "There is no such image." : `${images(found.total)}:`}</p>
        )}
      </div>
      {found !== null && typeof found !== "string" && found.total > 1 && (
        <ul>
          {found.images.slice(0, 12).map(({ index, name }) => (
            <li key={index}>
              <button type="button" class="link" onClick={() => onOpen(index)}>
                {name ?? `Image ${count(index)}`}
              </button>
            </li>
          ))}
          {found.total > 12 && <li class="soft">and {count(found.total - 12)} more</li>}
        </ul>
      )}
    </form>
  );
}
