import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { followScript } from "./following.ts";

/** Image 0 lies in different clusters of a and b; image 1 comes first in the rows, but only with b. */
const table = `<div class="scroll"><table class="same"><tbody>
<tr><th>x</th><td data-method="a"><span>–</span></td><td data-method="b"><div data-cluster="4"><ul><li data-image="1"><svg><title>Image 12, class 1</title></svg></li></ul></div></td></tr>
<tr><th>y</th><td data-method="a"><div data-cluster="7"><ul><li data-image="0"><svg><title>Image 5, class 0</title></svg></li><li data-image="1"><svg><title>Image 12, class 1</title></svg></li></ul></div></td>
<td data-method="b"><div data-cluster="2"><ul><li data-image="0"><svg><title>Image 5, class 0</title></svg></li></ul></div></td></tr>
</tbody></table></div>`;

/** A page with the table, whose script has run from its text, as in a browser. */
function pageWithScript(): Document {
  const { document } = parseHTML(`<!doctype html><html><body>${table}</body></html>`);
  new Function("document", followScript())(document);
  return document as unknown as Document;
}

const picture = (page: Document, method: string, image: number): HTMLElement =>
  page.querySelector(`[data-method=${method}] [data-image="${image}"]`) as HTMLElement;

function send(page: Document, target: Element, type: string, more: object = {}): void {
  const { Event } = page.defaultView as Window & typeof globalThis;
  target.dispatchEvent(Object.assign(new Event(type, { bubbles: true, cancelable: true }), more));
}

const shown = (page: Document) => ({
  pictures: [...page.querySelectorAll(".it")].map((one) => [
    one.closest("td")?.getAttribute("data-method"),
    one.getAttribute("data-image"),
  ]),
  following: page.querySelector(".same")?.classList.contains("following"),
  words: page.querySelector(".scroll + .followed")?.textContent,
});

test("pointing at an image points out all its pictures, and says which cluster each method gave it", () => {
  const page = pageWithScript();
  const before = shown(page);
  expect(before).toMatchObject({ pictures: [], following: false });
  expect(before.words).toMatch(/^Point at an image/);
  send(page, picture(page, "b", 0).querySelector("svg") as Element, "pointerover");
  expect(shown(page)).toEqual({
    pictures: [
      ["a", "0"],
      ["b", "0"],
    ],
    following: true,
    words: "Image 5, class 0: cluster 7 by a, cluster 2 by b.",
  });
  send(page, page.querySelector("th") as Element, "pointerover");
  expect(shown(page)).toEqual(before);
});

test("words name the methods in the order of the columns, wherever their clusters stand", () => {
  const page = pageWithScript();
  send(page, picture(page, "b", 1), "focusin");
  expect(shown(page).words).toBe("Image 12, class 1: cluster 7 by a, cluster 4 by b.");
  send(page, picture(page, "b", 1), "focusout");
  expect(shown(page).following).toBe(false);
});

test("one picture can be reached by tabulator; arrows lead on to the next method or image, and stay at the ends", () => {
  const page = pageWithScript();
  const stops = (): readonly (readonly [string | null | undefined, string | null])[] =>
    [...page.querySelectorAll("[tabindex='0']")].map((one) => [
      one.closest("td")?.getAttribute("data-method"),
      one.getAttribute("data-image"),
    ]);
  expect(page.querySelectorAll("[tabindex='-1']").length).toBe(3);
  expect(stops()).toEqual([["a", "0"]]);
  const path = [
    ["ArrowRight", "b", "0"],
    ["ArrowRight", "b", "0"],
    ["ArrowUp", "b", "1"],
    ["ArrowUp", "b", "1"],
    ["ArrowLeft", "a", "1"],
    ["Enter", "a", "1"],
    ["ArrowUp", "a", "0"],
    ["ArrowDown", "a", "1"],
  ] as const;
  for (const [key, method, image] of path) {
    send(page, page.querySelector("[tabindex='0']") as Element, "keydown", { key });
    expect(stops()).toEqual([[method, image]]);
  }
});

test("the script holds nothing that ends it, and loads nothing", () => {
  expect(followScript()).not.toMatch(/<\/script|https?:|import\s*\(/i);
});
