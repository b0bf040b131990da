import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Asks for the words under a picture, and keeps both with the run. */
export function KeepView({
  picture,
  suggestion,
  onKeep,
  onClose,
}: {
  picture: Blob;
  suggestion: string;
  /** Whether it was kept. */
  onKeep: (caption: string) => Promise<boolean>;
  onClose: () => void;
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [address, setAddress] = useState<string | undefined>(undefined);
  const [caption, setCaption] = useState(suggestion);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const keep = async (): Promise<void> => {
    setBusy(true);
    if (await onKeep(caption)) dialog.current?.close();
    else setBusy(false);
  };
  return (
    <dialog ref={dialog} class="keep-view" aria-labelledby="keep-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <h2 id="keep-title">Keep this view in the report</h2>
        {address && <img src={address} alt="The map as it is now" />}
        <label>
          <span>Caption</span>
          <textarea
            rows={3}
            maxLength={2000}
            value={caption}
            onInput={(event) => setCaption(event.currentTarget.value)}
          />
        </label>
        <p class="soft">
          It is kept in the run's folder, and stands under “Saved views” in its report. Remove it under Run.
        </p>
        <span class="joined">
          <button type="submit" class="primary" disabled={busy}>
            {busy ? "Working …" : "Keep"}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </span>
      </form>
    </dialog>
  );
}
