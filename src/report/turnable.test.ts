import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { CodeDrawing } from "./charts/code-drawing.ts";
import { firstView, sceneOf, solidCodeChart } from "./charts/solid-code.ts";
import { drawScene, type Viewpoint } from "./charts/solid-view.ts";
import { autoencoderExhibits, autoencoderRun } from "./testing/autoencoder-records.ts";
import { turnablePicture, turnScript } from "./turnable.ts";

function drawingOf(colouring: CodeDrawing["colouring"]): CodeDrawing {
  const { code } = autoencoderExhibits(autoencoderRun({ nClusters: 4, method: "conv-ae+gmm" }), 1, 50);
  if (code === undefined) throw new Error("The exhibits of this test have a code.");
  const ranks = Array.from(code.clusters, (cluster) => (colouring === "class" ? 9 - cluster : cluster));
  const [shapes] = code.shapes ?? [];
  return { code, colouring, ranks, shapes, ...(colouring === "cluster" && { centerRanks: [0, 1, 2, 9] }) };
}

const drawings = [drawingOf("class"), drawingOf("cluster")];

/** A page with the picture, whose script has run from its text, as in a browser. */
function pageWithScript(): Document {
  const picture = turnablePicture(
    drawings.map((drawing) => ({
      svg: solidCodeChart(drawing).inline,
      scene: sceneOf(drawing),
      className: "view",
    })),
    firstView,
  );
  const { document } = parseHTML(
    `<!doctype html><html><body><div class="views">${picture.markup}</div></body></html>`,
  );
  new Function("document", turnScript())(document);
  return document as unknown as Document;
}

function move(page: Document, slider: number, value: number): void {
  const input = page.querySelectorAll("input")[slider];
  if (input === undefined) throw new Error("There are two sliders.");
  input.value = `${value}`;
  input.dispatchEvent(new (page.defaultView as Window & typeof globalThis).Event("input"));
}

// A document may write elements without content in the short form.
const inLongForm = (svg: string): string => svg.replace(/<(\w+)([^<>]*?) ?\/>/g, "<$1$2></$1>");

const shownIn = (page: Document): readonly string[] =>
  [...page.querySelectorAll("svg")].map((svg) => inLongForm(svg.innerHTML));

const drawnFrom = (viewpoint: Viewpoint): readonly string[] =>
  drawings.map((drawing) => drawScene(sceneOf(drawing), viewpoint));

describe("the script of a turnable picture", () => {
  test("draws from its text what the program draws, in every colouring and from every side", () => {
    const page = pageWithScript();
    for (const [turn, tilt] of [
      [10, 20],
      [-170, 20],
      [-170, -90],
      [95, 35],
    ] as const) {
      move(page, 0, turn);
      move(page, 1, tilt);
      // Compared by `===`: the difference of two long drawings tells nobody anything.
      const expected = drawnFrom({ turn, tilt });
      expect(shownIn(page).map((svg, i) => svg === expected[i])).toEqual([true, true]);
    }
  });

  test("leaves the picture as it was printed until the reader turns it, and finds the way back", () => {
    const page = pageWithScript();
    const isPrinted = (): readonly boolean[] => {
      const printed = drawnFrom(firstView);
      return shownIn(page).map((svg, i) => svg === printed[i]);
    };
    expect(isPrinted()).toEqual([true, true]);
    move(page, 0, firstView.turn + 40);
    expect(isPrinted()).toEqual([false, false]);
    move(page, 0, firstView.turn);
    expect(isPrinted()).toEqual([true, true]);
  });

  test("adds two sliders with names, standing where the picture is seen from", () => {
    const labels = [...pageWithScript().querySelectorAll("label")];
    expect(labels.map((label) => label.textContent)).toEqual(["Turn", "Tilt"]);
    const values = labels.map((label) => label.querySelector("input")?.getAttribute("value"));
    expect(values).toEqual([`${firstView.turn}`, `${firstView.tilt}`]);
  });

  test("holds nothing that ends a script, and loads nothing", () => {
    expect(turnScript()).not.toMatch(/<\/script|https?:|import\s*\(/i);
  });
});
