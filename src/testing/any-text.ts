import fc from "fast-check";

/** Any code points, halves of pairs among them. fast-check's own takes a second to list them all. */
export function anyText(maxLength = 10): fc.Arbitrary<string> {
  const point = fc.oneof(fc.nat(0x10ffff), fc.nat(0xffff), fc.nat(0x7f));
  return fc.array(point, { maxLength }).map((points) => String.fromCodePoint(...points));
}
