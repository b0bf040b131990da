import type { Html } from "./html.ts";

/** A picture for the run's `figures` folder. */
export interface Figure {
  /** File name, e.g. `elbow.svg` or `centers.png`. */
  readonly name: string;
  /** SVG as text, PNG as bytes. */
  readonly content: string | Uint8Array;
}

/** A titled piece of a report; ids are unique within the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
  /** Sections below this one's own text. */
  readonly sections?: readonly Section[];
  /** Shown closed, to be opened by the reader. */
  readonly folded?: boolean;
}

/** A section together with the figure files that show the same. */
export interface Part {
  readonly section: Section;
  readonly figures: readonly Figure[];
  /** What the page must run to bring the section to life; the same text of several parts is run once. */
  readonly script?: string;
}

/** A finished report. */
export interface Report {
  /** One complete page that needs no other file. */
  readonly html: string;
  readonly figures: readonly Figure[];
}
