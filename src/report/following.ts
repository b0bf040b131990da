/**
 * Lets the reader follow an image through a table that shows it several times: pointing at one of its pictures, or
 * moving to it with the arrow keys, points out all of them and says where each stands. Without script, the table stays
 * as it was drawn.
 *
 * These functions run in the page, as text; so they use nothing but each other, their arguments and what a browser has.
 */

/** The script of a page with such tables: elements of class `same`, their pictures marked by `data-image`. */
export function followScript(): string {
  const functions = [followImages, letFollow, methodOf, placesOf, stepTo];
  return `(function(){${functions.map(String).join("\n")}\n${followImages.name}(document)})();`;
}

/** Makes the pictures of all such tables of a page followable. */
function followImages(page: Document): void {
  for (const table of page.querySelectorAll<HTMLElement>(".same")) letFollow(table);
}

function letFollow(table: HTMLElement): void {
  const methods = Array.from(table.querySelectorAll("tr:first-child [data-method]"), methodOf);
  // Method by method, so that the words name them in the order of the columns.
  const pictures = methods.flatMap((method) =>
    Array.from(table.querySelectorAll<HTMLElement>("[data-image]")).filter((one) => methodOf(one) === method),
  );
  const hint = "Point at an image, or go to one with the arrow keys, to see where each method put it.";
  const line = table.ownerDocument.createElement("p");
  line.textContent = hint;
  line.className = "followed";
  line.setAttribute("aria-live", "polite");
  (table.closest(".scroll") ?? table).after(line);
  let followed: string | null = null;
  const follow = (picture: Element | null): void => {
    const image = picture === null ? null : picture.getAttribute("data-image");
    if (image === followed) return;
    followed = image;
    const same = pictures.filter((one) => image !== null && one.getAttribute("data-image") === image);
    for (const one of pictures) one.classList.toggle("it", same.includes(one));
    table.classList.toggle("following", image !== null);
    line.textContent = image === null ? hint : placesOf(same);
  };
  const pictureOf = (event: Event): HTMLElement | null =>
    (event.target as Element | null)?.closest<HTMLElement>("[data-image]") ?? null;
  // One stop for the tabulator key; from there on, arrows.
  pictures.forEach((picture, i) => {
    picture.setAttribute("tabindex", i === 0 ? "0" : "-1");
  });
  table.addEventListener("pointerover", (event) => follow(pictureOf(event)));
  table.addEventListener("pointerleave", () =>
    follow(pictures.find((picture) => picture === table.ownerDocument.activeElement) ?? null),
  );
  table.addEventListener("focusin", (event) => follow(pictureOf(event)));
  table.addEventListener("focusout", () => follow(null));
  table.addEventListener("keydown", (event) => {
    const from = pictureOf(event);
    const to = from === null ? undefined : stepTo(pictures, methods, from, event.key);
    if (from === null || to === undefined) return;
    event.preventDefault();
    from.setAttribute("tabindex", "-1");
    to.setAttribute("tabindex", "0");
    to.focus();
  });
}

function methodOf(element: Element): string | null | undefined {
  return element.closest("[data-method]")?.getAttribute("data-method");
}

/** `Image 12, class 4: cluster 3 by a, cluster 7 by b.` */
function placesOf(pictures: readonly Element[]): string {
  const [first] = pictures;
  if (first === undefined) return "";
  const places = pictures.map((picture) => {
    const cluster = picture.closest("[data-cluster]")?.getAttribute("data-cluster");
    return `cluster ${cluster} by ${methodOf(picture)}`;
  });
  return `${first.querySelector("title")?.textContent}: ${places.join(", ")}.`;
}

/** Right and left lead to the same image of the next method, down and up to the next image of the same method. */
function stepTo(
  pictures: readonly HTMLElement[],
  methods: readonly (string | null | undefined)[],
  from: HTMLElement,
  key: string,
): HTMLElement | undefined {
  const step = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const image = from.getAttribute("data-image");
  const column = pictures.filter((one) => methodOf(one) === methodOf(from));
  if (key === "ArrowDown" || key === "ArrowUp") return column[column.indexOf(from) + step];
  if (key !== "ArrowRight" && key !== "ArrowLeft") return undefined;
  const next = methods[methods.indexOf(methodOf(from)) + step];
  return pictures.find((one) => methodOf(one) === next && one.getAttribute("data-image") === image);
}
