import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import type { Exhibits } from "../experiment/index.ts";
import { comparisonReport, type Report, runReport } from "./index.ts";
import {
  autoencoderExhibits,
  autoencoderRun,
  lossesOf,
  type NetworkChoice,
} from "./testing/autoencoder-records.ts";
import { documentOf } from "./testing/document-of.ts";
import { drawnOnce } from "./testing/drawn-once.ts";
import { comparisonOf, exhibitsOf, runRecord } from "./testing/records.ts";
import { networkWords, spaceOf } from "./words.ts";

const drawReport = (choice: NetworkChoice = {}, exhibits: Partial<Exhibits> = {}): Report => {
  const result = autoencoderRun(choice);
  return runReport({ result, exhibits: { ...autoencoderExhibits(result, 2, 120), ...exhibits } });
};

/** Drawn once for all tests that look at the same. */
const reportOf = drawnOnce(drawReport);

const textOf = (report: Report, id: string): string =>
  documentOf(report).getElementById(id)?.textContent?.replace(/\s+/g, " ") ?? "";

const namesOf = ({ figures }: Report): readonly string[] => figures.map(({ name }) => name);

describe("the report on a run with an autoencoder", () => {
  test("shows what was found first, then the network that found it", () => {
    const report = reportOf();
    const ids = [...documentOf(report).querySelectorAll("main > *")].map(({ id }) => id);
    expect(ids).toEqual([
      "facts",
      "images",
      "centers",
      "examples",
      "code",
      "sizes",
      "confusion",
      "network",
      "reconstructions",
      "history",
      "scores",
      "repeat",
    ]);
    const figures = namesOf(report).filter((name) => /code|loss|reconstructions/.test(name));
    expect(figures).toEqual([
      "code-2d-classes.svg",
      "code-2d-clusters.svg",
      "code-3d-classes.svg",
      "code-3d-clusters.svg",
      "code-spread.svg",
      "loss.svg",
      "reconstructions-typical.png",
      "reconstructions-worst.png",
      "reconstructions-by-epoch.png",
    ]);
  });

  test("of a mixture shows its doubts, what it cannot explain, what it draws, and K-Means' circles beside its ellipses", () => {
    const report = reportOf({ method: "conv-ae+gmm" });
    const mixture = documentOf(report).getElementById("mixture");
    const doubts = [...(mixture?.querySelectorAll(".doubts li") ?? [])];
    expect(doubts.map((item) => item.getAttribute("title"))).toEqual([
      "Image 7, T-shirt/top",
      "Image 4711, Trouser",
    ]);
    // The third cluster has half a percent, too little to be named.
    expect(doubts.map((item) => item.textContent)).toEqual(["052.0%147.5%", "052.0%147.5%"]);
    const unlikely = [...(mixture?.querySelectorAll(".reconstructions li") ?? [])];
    expect(unlikely.map((item) => item.textContent)).toEqual(["−31.3", "−30.0", "−28.5"]);
    expect(mixture?.textContent).toContain("half of all images lie above −9.8");
    expect(mixture?.querySelectorAll(".drawn tr")).toHaveLength(10);
    const figures = namesOf(report).filter((name) => /mixture|k-means/.test(name));
    expect(figures).toEqual([
      "k-means-code-2d-classes.svg",
      "k-means-code-2d-clusters.svg",
      "mixture-doubtful.png",
      "mixture-unexplained.png",
      "mixture-drawn.png",
    ]);
    expect(textOf(report, "code")).toContain("95% of its component’s probability");
    expect(textOf(report, "history")).toContain("never falls");
    expect(textOf(reportOf(), "code")).toContain("to K-Means all clusters are round");
    expect(documentOf(reportOf()).getElementById("mixture")).toBeNull();
  });

  test("draws no outlines where more than 30 clusters would hide the points under them", () => {
    const outlines = (nClusters: number): number =>
      documentOf(reportOf({ nClusters })).querySelectorAll("#code ellipse").length;
    expect(outlines(30)).toBe(4 * 30); // two pictures in two colourings
    expect(outlines(31)).toBe(0);
  });

  test("speaks of codes where distances are taken between codes, and a run on pixels does not", () => {
    const report = reportOf();
    expect(textOf(report, "centers")).toContain("the mean of its cluster’s codes, decoded");
    expect(textOf(report, "scores")).toContain("distances are taken between codes, not pixels");
    expect(report.html).not.toContain("the mean of its cluster’s images");
    const result = runRecord();
    const pixels = runReport({ result, exhibits: exhibitsOf(result, 1) });
    expect(textOf(pixels, "centers")).toContain("the mean of its cluster’s images");
    expect(textOf(pixels, "scores")).not.toContain("between codes");
  });

  test("gives the command with what was asked of the network, and says on what its numbers depend", () => {
    const report = reportOf();
    expect(documentOf(report).querySelector("#repeat pre")?.textContent).toContain(
      "--tolerance 0 --epochs 30 --code-size 10 --widths 16,32",
    );
    expect(textOf(report, "repeat")).toContain("with the same number of threads (here 2)");
  });

  test("keeps text of networks from becoming markup", () => {
    const nasty = `<script>alert(1)</script>"'`;
    const report = reportOf({
      classNames: [nasty, "b"],
      nClusters: 2,
      training: {
        architecture: nasty,
        encoder: [nasty],
        decoder: [nasty],
        optimizer: nasty,
        validation: nasty,
        runtime: nasty,
      },
    });
    expect(report.html.match(/<script/g)?.length).toBe(1);
    for (const { content } of report.figures)
      expect(typeof content === "string" && content.includes("<script")).toBe(false);
    expect(documentOf(report).querySelector("#network ol li")?.textContent).toBe(nasty);
  });

  test("is the same bytes for the same records", () => {
    expect(drawReport()).toEqual(reportOf());
  });
});

describe("the network and its training", () => {
  test.each([
    [
      { stopReason: "no improvement", epochs: lossesOf(12), keptEpoch: 10 },
      /stopped after 12 of at most 30 epochs, because the validation loss fell no further\. The weights of epoch 10 were kept/,
    ],
    [
      { stopReason: "epochs", epochs: lossesOf(30), keptEpoch: 28 },
      /ran for all of its 30 epochs\. The weights of epoch 28 were kept, with a validation loss of 0\.01\d+\./,
    ],
    [
      { stopReason: "epochs", epochs: lossesOf(30), keptEpoch: 30 },
      /The last epoch was the best, .* more epochs might go on improving it\./,
    ],
    [
      { stopReason: "epochs", epochs: lossesOf(1), keptEpoch: 1, maxEpochs: 1 },
      /ran for all of its 1 epoch\. The weights of epoch 1 were kept/,
    ],
  ] as const)("says where training stopped and why: %#", (training, words) => {
    expect(textOf(reportOf({ training }), "network")).toMatch(words);
  });

  test("lists layers in their order, and losses as numbers with the kept epoch marked", () => {
    const document = documentOf(reportOf());
    const lists = [...document.querySelectorAll("#network ol")].map(({ children }) => children.length);
    expect(lists).toEqual([3, 3]);
    const rows = [...document.querySelectorAll("#network tbody th")].map((cell) => cell.textContent);
    expect(rows.length).toBe(12);
    expect(rows.filter((row) => row?.includes("kept"))).toEqual(["10 (kept)"]);
  });

  test("is named in words where the architecture is known, else as it is spelled", () => {
    expect(networkWords("conv-ae")).toBe("convolutional autoencoder");
    expect(networkWords("hog")).toBe("hog");
    const spaces = ["pixels+kmeans", "vae+kmeans", "onnx+gmm", "hog+kmeans", "conv-ae+umap+kmeans"];
    expect(spaces.map((method) => spaceOf({ method }))).toEqual([
      "pixels",
      "code",
      "code",
      "features",
      "features",
    ]);
  });
});

describe("reconstructions", () => {
  test("stand below their originals, pixel for pixel, in the page's pairs and in the figure", () => {
    const black = { count: 2, height: 3, width: 3, channels: 1, pixels: new Uint8Array(18) };
    const light = { ...black, pixels: new Uint8Array(18).fill(200) };
    const pair = { originals: { indices: [4, 9], images: black }, reconstructed: light, errors: [0.6, 0.5] };
    const report = reportOf({}, { reconstructions: { typical: pair, worst: pair } });
    const image = documentOf(report).querySelector("#reconstructions li img");
    const address = image?.getAttribute("src") ?? "";
    const { height, width, data, palette } = decode(Buffer.from(address.replace(/.*,/, ""), "base64"));
    expect([width, height]).toEqual([3, 7]);
    const greyAt = (y: number): number | undefined => palette?.[data[y * width] as number]?.[0];
    expect([greyAt(0), greyAt(2), greyAt(4), greyAt(6)]).toEqual([0, 0, 200, 200]);
    expect(image?.getAttribute("alt")).toBe("Image 4: above as it is, below as reconstructed, error 0.60");
    const sheet = report.figures.find(({ name }) => name === "reconstructions-worst.png")?.content;
    expect(decode(sheet as Uint8Array).height).toBe(2 * 3 * 28 + 2 * 28);
    expect(namesOf(report)).not.toContain("reconstructions-by-epoch.png");
  });

  test("of the same images have one row for each epoch, below the images themselves", () => {
    const rows = [...documentOf(reportOf()).querySelectorAll(".epochs tr")];
    expect(rows.map((row) => row.querySelector("th")?.textContent)).toEqual([
      "images",
      "epoch 1",
      "epoch 2",
      "epoch 4",
      "epoch 8",
      "epoch 12",
    ]);
    expect(rows[0]?.querySelector("img")?.getAttribute("alt")).toBe("10 images as they are");
  });

  test("of very many epochs are shown for the first, the last, and some evenly between", () => {
    const result = autoencoderRun();
    const { reconstructions } = autoencoderExhibits(result, 1);
    const byEpoch = reconstructions?.byEpoch;
    if (reconstructions === undefined || byEpoch === undefined)
      throw new Error("The exhibits of this test have pictures of epochs.");
    const [image] = byEpoch.images;
    if (image === undefined) throw new Error("There is at least one epoch.");
    const epochs = Array.from({ length: 45 }, (_, i) => i + 1);
    const many = { ...reconstructions, byEpoch: { ...byEpoch, epochs, images: epochs.map(() => image) } };
    const rows = documentOf(reportOf({}, { reconstructions: many })).querySelectorAll(".epochs tr th");
    const names = [...rows].map((row) => row.textContent);
    expect(names.length).toBe(13);
    expect([names[1], names[2], names[12]]).toEqual(["epoch 1", "epoch 5", "epoch 45"]);
  });
});

describe("the code", () => {
  test.each([
    [1, ["code-1d-classes.svg", "code-1d-clusters.svg"]],
    [2, ["code-2d-classes.svg", "code-2d-clusters.svg"]],
    [3, ["code-2d-classes.svg", "code-2d-clusters.svg", "code-3d-classes.svg", "code-3d-clusters.svg"]],
  ])("of %i dimensions is drawn in those that it has", (codeSize, names) => {
    const report = reportOf({ codeSize, deadDimensions: [] });
    expect(namesOf(report).filter((name) => /code-\dd/.test(name))).toEqual(names);
    expect(report.html.includes('class="cloud"')).toBe(codeSize === 3);
    expect(report.html.includes("turnPictures")).toBe(codeSize === 3);
  });

  test("of images without labels is coloured by cluster alone, and there is nothing to choose", () => {
    const report = reportOf({ labelled: false });
    expect(namesOf(report).filter((name) => /code-\dd/.test(name))).toEqual([
      "code-2d-clusters.svg",
      "code-3d-clusters.svg",
    ]);
    expect(documentOf(report).querySelectorAll("#code input").length).toBe(0);
  });

  test("names its dead dimensions, and warns where a picture is thin because of them", () => {
    const text = textOf(reportOf({ deadDimensions: [1, 8] }), "code");
    expect(text).toContain("Dimensions 1 and 8 are dead");
    expect(text).toContain("leaves 8 dimensions of 10");
    expect(text).toContain("Among those drawn, dimension 1 is dead, which leaves the pictures thin.");
    expect(textOf(reportOf({ deadDimensions: [] }), "code")).toContain("None of the 10 dimensions is dead.");
  });
});

describe("a comparison of autoencoders and pixels", () => {
  const runs = [
    runRecord(),
    ...["conv-ae+kmeans", "dense-ae+kmeans"].flatMap((method) =>
      [0, 1].map((seed) => autoencoderRun({ method, seed })),
    ),
  ];
  const shown = runs.map((result) => ({
    result,
    exhibits: result.training ? autoencoderExhibits(result, 2, 120) : exhibitsOf(result, 2),
  }));
  const report = comparisonReport({ comparison: comparisonOf(runs), exhibits: shown });
  const document = documentOf(report);

  test("shows loss curves, code and reconstructions of one run of each network, with names and ids of their own", () => {
    expect(namesOf(report).filter((name) => name.endsWith("loss.svg"))).toEqual([
      "m2-conv-ae-kmeans-loss.svg",
      "m3-dense-ae-kmeans-loss.svg",
    ]);
    expect(new Set(namesOf(report)).size).toBe(report.figures.length);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const groups = [...document.querySelectorAll("input[type=radio][value=classes]")];
    expect(new Set(groups.map((input) => input.getAttribute("name"))).size).toBe(2);
  });

  test("runs the script of turnable pictures once", () => {
    expect(report.html.match(/function turnPictures/g)?.length).toBe(1);
    expect(document.querySelectorAll("script").length).toBe(1);
  });

  test("tells the time of training where there was one", () => {
    const rows = [...document.querySelectorAll("#comparison .method")].map((row) =>
      [...row.children].slice(-2).map((cell) => cell.textContent ?? ""),
    );
    expect(rows[0]?.[0]).toBe("–");
    expect(rows[1]?.[0]).toMatch(/^\d\d\.\d s$/);
    for (const cell of document.querySelectorAll("#comparison .seeds > td"))
      expect(cell.getAttribute("colspan")).toBe(
        `${document.querySelectorAll("#comparison .comparison > thead th").length}`,
      );
  });
});
