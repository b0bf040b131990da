import { parseHTML } from "linkedom";
import type { Report } from "../index.ts";

const parsed = new WeakMap<Report, Document>();

/** The page of a report, which no test may change: it is read once for all tests, as that takes a tenth of a second. */
export function documentOf(report: Report): Document {
  const document = parsed.get(report) ?? (parseHTML(report.html).document as unknown as Document);
  parsed.set(report, document);
  return document;
}
