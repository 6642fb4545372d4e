import { promisify } from 'node:util';
import { crc32, deflateRaw, gunzip } from 'node:zlib';

const compress = promisify(deflateRaw);
const decompress = promisify(gunzip);

/**
 * Bytes of the header of a member: that of gzip, and an extra field `LF` with the size of the whole member. So a reader
 * finds the members of a file without decompressing them. Source: RFC 1952, 2.3.1.1.
 */
export const MEMBER_HEADER = 20;
const START = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 8, 0, 0x4c, 0x46, 4, 0]);
const CHECKS = 8;

/** A gzip file of its own. Several of them, one after the other, are a gzip file, too. */
export async function gzipMember(content: Buffer): Promise<Buffer> {
  const body = await compress(content);
  const member = Buffer.alloc(MEMBER_HEADER + body.length + CHECKS);
  START.copy(member);
  member.writeUInt32LE(member.length, START.length);
  body.copy(member, MEMBER_HEADER);
  member.writeUInt32LE(crc32(content), MEMBER_HEADER + body.length);
  member.writeUInt32LE(content.length, MEMBER_HEADER + body.length + 4);
  return member;
}

/** Size of the member that begins with this header; undefined when it is none of `gzipMember`. */
export function memberSize(header: Buffer): number | undefined {
  const isOurs = header.length === MEMBER_HEADER && header.subarray(0, START.length).equals(START);
  return isOurs ? header.readUInt32LE(START.length) : undefined;
}

/** Whether a file of so few bytes may be the beginning of a member. */
export function beginsMember(header: Buffer): boolean {
  return header.length < MEMBER_HEADER && header.equals(START.subarray(0, header.length));
}

/** The content of a member; undefined when it is damaged or not whole. */
export async function memberContent(member: Buffer): Promise<Buffer | undefined> {
  try {
    return await decompress(member);
  } catch {
    return undefined;
  }
}
