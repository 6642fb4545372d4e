import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { beginsMember, MEMBER_HEADER, memberContent, memberSize } from './gzip-member.js';

/** A line of a file. */
export interface FileLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Bytes of the file up to the end of this line; undefined inside of a compressed part. */
  readonly end: number | undefined;
  /** Whether it ends with a newline. Only the last one may lack it. */
  readonly isWhole: boolean;
}

/** In bytes. A longer line is no event. */
const LONGEST_LINE = 64 * 1024 * 1024;
const CHUNK = 256 * 1024;
const NEWLINE = 0x0a;

/** A file can't be read as lines. */
export class UnreadableFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableFileError';
  }
}

/**
 * The lines of a file, also of one that is compressed with gzip. It holds a few hundred KiB, or one line. Of a file that
 * was written in members, what follows the last whole one is an empty line that is not whole.
 * @throws UnreadableFileError when it is damaged; the error of the system when it can't be opened
 */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  const file = await open(path, 'r');
  let header: Buffer;
  try {
    header = await bytesAt(file, 0, MEMBER_HEADER);
    if (beginsMember(header)) return;
    if (memberSize(header) !== undefined) {
      yield* linesOfMembers(file);
      return;
    }
  } finally {
    await file.close();
  }
  const isGzip = header[0] === 0x1f && header[1] === 0x8b;
  yield* split(isGzip ? unzipped(path) : createReadStream(path, { highWaterMark: CHUNK }), !isGzip);
}

async function* linesOfMembers(file: FileHandle): AsyncGenerator<FileLine> {
  const { size: length } = await file.stat();
  let number = 0;
  for (let offset = 0; offset < length;) {
    // The header may be damaged: it must not make this read more than there is.
    const size = memberSize(await bytesAt(file, offset, MEMBER_HEADER)) ?? Infinity;
    const content = offset + size <= length ? await memberContent(await bytesAt(file, offset, size)) : undefined;
    if (content === undefined) {
      yield { text: '', number: number + 1, end: undefined, isWhole: false };
      return;
    }
    offset += size;
    const texts = content.toString('utf8').split('\n');
    // A member ends with a newline.
    texts.pop();
    for (const [index, text] of texts.entries()) {
      number += 1;
      yield { text, number, end: index === texts.length - 1 ? offset : undefined, isWhole: true };
    }
  }
}

async function* split(chunks: AsyncIterable<Buffer>, knowsEnds: boolean): AsyncGenerator<FileLine> {
  let [number, end] = [0, 0];
  let parts: Buffer[] = [];
  let length = 0;
  const line = (last: Buffer, isWhole: boolean): FileLine => {
    const bytes = parts.length > 0 ? Buffer.concat([...parts, last]) : last;
    [parts, length, number] = [[], 0, number + 1];
    end += bytes.length + (isWhole ? 1 : 0);
    return { text: bytes.toString('utf8'), number, end: knowsEnds ? end : undefined, isWhole };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      yield line(chunk.subarray(from, at), true);
      from = at + 1;
    }
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LONGEST_LINE) {
      throw new UnreadableFileError(`Line ${number + 1} is longer than ${LONGEST_LINE / 1024 / 1024} MiB.`);
    }
  }
  if (length > 0) yield line(Buffer.alloc(0), false);
}

async function* unzipped(path: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: CHUNK });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    throw new UnreadableFileError(`The file can't be decompressed: ${(error as Error).message}`);
  } finally {
    source.destroy();
  }
}

/** Fewer at the end of the file. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
