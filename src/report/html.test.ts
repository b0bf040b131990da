import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../testing/any-text.ts";
import { escapeText, html, plainText, trusted } from "./html.ts";

test("text in a template cannot open a tag, close a quote or begin an entity", () => {
  const page = html`<p title="${`"><script>'`}">${"a & b < c"}</p>`;
  expect(page.markup).toBe('<p title="&#34;&#62;&#60;script&#62;&#39;">a &#38; b &#60; c</p>');
});

test("escaped text holds none of the five characters that mean something, and reads back as the text", () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const escaped = escapeText(text);
      expect(escaped).not.toMatch(/[<>"']|&(?!#\d+;)/);
      expect(escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))).toBe(
        plainText(text),
      );
    }),
  );
});

test("characters that XML forbids are dropped, line ends and tabs are kept", () => {
  expect(plainText("a\u0000b\u001bc\ud800d\uffffe\tf\ng")).toBe("abcde\tf\ng");
});

test("markup goes in as it is, lists are joined, and empty values vanish but zero stays", () => {
  expect(html`${trusted("<br>")}${[html`<b>${1}</b>`, "&"]}${false}${null}${undefined}${0}`.markup).toBe(
    "<br><b>1</b>&#38;0",
  );
});
