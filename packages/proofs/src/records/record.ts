import type { RecordedEvent } from '@leftfold/core';
import { sha256 } from '../tree/hashes.js';

/** Version of the layout. A tree may have records of several versions. */
const LAYOUT = 1;

/** An event, as far as the tree proves it. */
export interface EventRecord {
  /** From 1. The index of the leaf is one less. */
  readonly position: number;
  readonly version: number;
  /** In ms since 1970, UTC. */
  readonly recordedAt: number;
  readonly schemaVersion: number;
  /** UUID. */
  readonly eventId: string;
  readonly stream: string;
  readonly type: string;
  /** SHA-256 of the stored text of the data. */
  readonly dataHash: Buffer;
  /** SHA-256 of the stored text of the metadata. */
  readonly metadataHash: Buffer;
  /** SHA-256 of the actor, a zero byte, and the correlation id. */
  readonly originHash: Buffer;
}

/** What the tree proves of an event. */
export function recordOf(event: RecordedEvent): EventRecord {
  const { position, version, schemaVersion, eventId, stream, type } = event;
  return {
    position,
    version,
    recordedAt: event.recordedAt.getTime(),
    schemaVersion,
    eventId,
    stream,
    type,
    dataHash: sha256(event.dataText),
    metadataHash: sha256(event.metadataText),
    originHash: sha256(event.actor, '\0', event.correlationId),
  };
}

/**
 * The bytes of a leaf. Whole numbers are big-endian and unsigned; texts are UTF-8.
 *
 * | Offset | Bytes | |
 * |---|---|---|
 * | 0 | 1 | version of this layout: 1 |
 * | 1 | 8 | position, from 1 |
 * | 9 | 8 | version of the stream |
 * | 17 | 8 | time of recording, ms since 1970, UTC |
 * | 25 | 4 | schema version |
 * | 29 | 16 | event id |
 * | 45 | 32 | SHA-256 of the stored text of the data |
 * | 77 | 32 | SHA-256 of the stored text of the metadata |
 * | 109 | 32 | SHA-256 of the actor, a zero byte, and the correlation id |
 * | 141 | 2 | n: bytes of the name of the stream |
 * | 143 | n | name of the stream |
 * | 143 + n | 2 | m: bytes of the stored type |
 * | 145 + n | m | stored type |
 */
export function encodeRecord(record: EventRecord): Buffer {
  const stream = Buffer.from(record.stream);
  const type = Buffer.from(record.type);
  const head = Buffer.alloc(FIXED);
  head.writeUInt8(LAYOUT, 0);
  head.writeBigUInt64BE(BigInt(record.position), 1);
  head.writeBigUInt64BE(BigInt(record.version), 9);
  head.writeBigUInt64BE(BigInt(record.recordedAt), 17);
  head.writeUInt32BE(record.schemaVersion, 25);
  head.write(record.eventId.replaceAll('-', ''), 29, 'hex');
  head.set(record.dataHash, 45);
  head.set(record.metadataHash, 77);
  head.set(record.originHash, 109);
  return Buffer.concat([head, lengthOf(stream), stream, lengthOf(type), type]);
}

const FIXED = 141;

/** The bytes are no record of a layout that this version knows. */
export class UnreadableRecordError extends Error {
  constructor(why: string) {
    super(`This is no record of an event: ${why}`);
    this.name = 'UnreadableRecordError';
  }
}

/**
 * Reads the bytes of a leaf.
 * @throws UnreadableRecordError
 */
export function decodeRecord(bytes: Uint8Array): EventRecord {
  const record = Buffer.from(bytes);
  if (record[0] !== LAYOUT) throw new UnreadableRecordError(`its layout is not version ${LAYOUT}.`);
  if (record.length < FIXED + 4) throw new UnreadableRecordError('it is too short.');
  const stream = textAt(record, FIXED);
  const type = textAt(record, FIXED + 2 + Buffer.byteLength(stream));
  const decoded: EventRecord = {
    position: Number(record.readBigUInt64BE(1)),
    version: Number(record.readBigUInt64BE(9)),
    recordedAt: Number(record.readBigUInt64BE(17)),
    schemaVersion: record.readUInt32BE(25),
    eventId: record.toString('hex', 29, 45).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    dataHash: record.subarray(45, 77),
    metadataHash: record.subarray(77, 109),
    originHash: record.subarray(109, 141),
    stream,
    type,
  };
  if (!encodeRecord(decoded).equals(record)) throw new UnreadableRecordError('its lengths do not fit.');
  return decoded;
}

function lengthOf(text: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return length;
}

function textAt(record: Buffer, offset: number): string {
  if (offset + 2 > record.length) throw new UnreadableRecordError('it is too short.');
  return record.toString('utf8', offset + 2, offset + 2 + record.readUInt16BE(offset));
}
