// Mutated CSV and TSV files, plain and compressed.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openCsv } from "../../dist/node/sources/csv/index.js";

const folder = mkdtempSync(join(tmpdir(), "unlabeled-fuzz-"));
const rows = (separator, ending) =>
  Array.from({ length: 12 }, (_, i) => [`"r${i}"`, i % 3, i * 20, i / 7, `${i}e-2`, -i].join(separator)).join(
    ending,
  );

export async function samples() {
  const plain = `name,class,a,b,c,d\n${rows(",", "\n")}\n`;
  return [
    { name: "plain.csv", bytes: Buffer.from(plain) },
    { name: "windows.csv", bytes: Buffer.from(`\ufeffname;class;a;b;c;d\r\n${rows(";", "\r\n")}\r\n`) },
    { name: "tabs.tsv", bytes: Buffer.from(rows("\t", "\n").replaceAll('"', "").replaceAll("r", "")) },
    { name: "quoted.csv", bytes: Buffer.from('"a ""x""","b\n2",label\n"1","2","x,y"\n3,4,"z""z"\n') },
    { name: "packed.csv.gz", bytes: gzipSync(plain) },
    { name: "image.csv", bytes: Buffer.from("label,1x1,1x2\n7,0,255\n8,12,13\n") },
  ];
}

export async function read(bytes, name) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const shape = name === "image.csv" ? { height: 1, width: 2, channels: 1 } : undefined;
  const reader = await openCsv(path, { shape });
  try {
    let count = 0;
    for await (const piece of reader.pieces(5)) count += piece.count ?? piece.values.rows;
    return count;
  } finally {
    await reader.close();
  }
}
