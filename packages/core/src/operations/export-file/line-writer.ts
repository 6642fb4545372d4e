import { type FileHandle, open } from 'node:fs/promises';
import { gzipMember } from './gzip-member.js';

/** Lines that are compressed together, in bytes. */
const PART = 1024 * 1024;

/** Appends lines to a file. With a name that ends in `.gz` they are compressed, in members that end with a line. */
export class LineWriter {
  private constructor(
    private readonly file: FileHandle,
    private readonly isCompressed: boolean,
    private offset: number,
  ) {}

  /**
   * Opens the file, or makes it, readable by its owner only.
   * @param length how much of it stays
   */
  static async open(path: string, length: number): Promise<LineWriter> {
    const file = await open(path, length === 0 ? 'w' : 'r+', 0o600);
    await file.truncate(length);
    return new LineWriter(file, isCompressed(path), length);
  }

  /** Writes lines. What a crash leaves of them is read up to the last one that is whole. */
  async write(lines: readonly string[]): Promise<void> {
    let part: Buffer[] = [];
    let size = 0;
    for (const line of lines) {
      part.push(Buffer.from(`${line}\n`));
      size += part.at(-1)!.length;
      if (size < PART) continue;
      await this.store(Buffer.concat(part));
      [part, size] = [[], 0];
    }
    if (size > 0) await this.store(Buffer.concat(part));
  }

  /** Settles when the file survives a power failure. */
  async sync(): Promise<void> {
    await this.file.sync();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async store(content: Buffer): Promise<void> {
    const bytes = this.isCompressed ? await gzipMember(content) : content;
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await this.file.write(bytes, written, bytes.length - written, this.offset);
      written += bytesWritten;
      this.offset += bytesWritten;
    }
  }
}

export function isCompressed(path: string): boolean {
  return path.endsWith('.gz');
}
