/** Files that are read bit by bit, and must stay as they are meanwhile. */
import { type FileHandle, open } from "node:fs/promises";
import { InputError } from "../../../errors.ts";
import { withFile } from "../../files.ts";

/** An open file, as it was when it was opened. */
export class OpenFile {
  readonly path: string;
  readonly size: number;
  private readonly file: FileHandle;
  private readonly modified: number;

  private constructor(path: string, file: FileHandle, size: number, modified: number) {
    this.path = path;
    this.file = file;
    this.size = size;
    this.modified = modified;
  }

  /** @throws {InputError} if it cannot be read */
  static async open(path: string): Promise<OpenFile> {
    return withFile(rule(path), async () => {
      const file = await open(path);
      try {
        const { size, mtimeMs } = await file.stat();
        return new OpenFile(path, file, size, mtimeMs);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  /**
   * The bytes from `start` on.
   *
   * @throws {InputError} if the file cannot be read, or has become shorter
   */
  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    await withFile(rule(this.path), async () => {
      while (filled < length) {
        const { bytesRead } = await this.file.read(bytes, filled, length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    });
    if (filled < length) this.refuse(`it ended after ${start + filled} bytes`);
    return bytes;
  }

  /** @throws {InputError} if the file is no longer as it was when it was opened */
  async checkUnchanged(): Promise<void> {
    const { size, mtimeMs } = await withFile(rule(this.path), () => this.file.stat());
    if (size !== this.size) this.refuse(`${size} bytes`);
    if (mtimeMs !== this.modified) this.refuse("another time of its last change");
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private refuse(got: string): never {
    throw new InputError(
      `openSource: "${this.path}" must stay as it is (${this.size} bytes) while it is read; got ${got}. Wait until it is written, and try again.`,
    );
  }
}

function rule(path: string): { where: string; path: string; must: string; remedy: string } {
  const remedy = "Check the path, and your right to read it.";
  return { where: "openSource", path, must: "a readable file", remedy };
}
