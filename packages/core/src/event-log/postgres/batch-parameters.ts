import { arrayText, documentArrayText, quotedArrayText } from '../../databases/array-text.js';
import type { ExpectedVersion } from '../event-log.js';
import type { PreparedAppend } from '../prepared-append.js';

const EXPECTED_ANY = -1;
const EXPECTED_EXISTS = -2;

/** The arguments of `leftfold_append`, in its order: of the short form where that is enough. */
export function appendParameters(batch: readonly PreparedAppend[]): unknown[] {
  return (batch.length === 1 && parametersOfOne(batch[0]!)) || batchParameters(batch);
}

/** For one event without tags, command id and condition. */
function parametersOfOne({ streams, command, condition }: PreparedAppend): unknown[] | undefined {
  const [stream, ...otherStreams] = streams;
  if (command || condition || !stream || otherStreams.length > 0) return undefined;
  const [event, ...otherEvents] = stream.events;
  if (!event || otherEvents.length > 0 || event.tags.length > 0) return undefined;
  return [
    stream.stream,
    expectedNumber(stream.expected),
    stream.partition,
    event.eventId,
    event.type,
    event.schemaVersion,
    event.data,
    event.metadata,
    event.actor,
    event.correlationId,
  ];
}

function batchParameters(batch: readonly PreparedAppend[]): unknown[] {
  const command = {
    append: [] as number[],
    id: [] as string[],
    result: [] as (string | null)[],
    fingerprint: [] as (string | null)[],
    keep: [] as (number | null)[],
  };
  const condition = {
    append: [] as number[],
    after: [] as number[],
    tags: [] as string[],
    types: [] as string[],
  };
  const slot = { append: [] as number[], stream: [] as string[], expected: [] as number[], events: [] as number[] };
  const event = {
    append: [] as number[],
    slot: [] as number[],
    number: [] as number[],
    stream: [] as string[],
    partition: [] as number[],
    id: [] as string[],
    type: [] as string[],
    schema: [] as number[],
    data: [] as string[],
    metadata: [] as string[],
    actor: [] as string[],
    correlation: [] as string[],
  };
  const tag = { ordinal: [] as number[], tag: [] as string[] };

  for (const [index, append] of batch.entries()) {
    const number = index + 1;
    if (append.command) {
      command.append.push(number);
      command.id.push(append.command.id);
      command.result.push(append.command.result);
      command.fingerprint.push(append.command.fingerprint);
      command.keep.push(append.command.keepFor);
    }
    for (const { tags, types } of append.condition?.items ?? []) {
      condition.append.push(number);
      condition.after.push(append.condition!.after);
      // Neither an HMAC nor a type has a space in it.
      condition.tags.push(tags.join(' '));
      condition.types.push(types.join(' '));
    }
    for (const stream of append.streams) {
      slot.append.push(number);
      slot.stream.push(stream.stream);
      slot.expected.push(expectedNumber(stream.expected));
      slot.events.push(stream.events.length);
      for (const [at, each] of stream.events.entries()) {
        event.append.push(number);
        event.slot.push(slot.append.length);
        event.number.push(at + 1);
        event.stream.push(stream.stream);
        event.partition.push(stream.partition);
        event.id.push(each.eventId);
        event.type.push(each.type);
        event.schema.push(each.schemaVersion);
        event.data.push(each.data);
        event.metadata.push(each.metadata);
        event.actor.push(each.actor);
        event.correlation.push(each.correlationId);
        for (const sealed of each.tags) {
          tag.ordinal.push(event.append.length);
          tag.tag.push(sealed);
        }
      }
    }
  }
  return [
    batch.length,
    ...[command.append, command.id].map(arrayText),
    documentArrayText(command.result),
    quotedArrayText(command.fingerprint),
    arrayText(command.keep),
    ...[condition.append, condition.after].map(arrayText),
    ...[condition.tags, condition.types].map(quotedArrayText),
    arrayText(slot.append),
    quotedArrayText(slot.stream),
    ...[slot.expected, slot.events, event.append, event.slot, event.number].map(arrayText),
    quotedArrayText(event.stream),
    ...[event.partition, event.id].map(arrayText),
    quotedArrayText(event.type),
    arrayText(event.schema),
    ...[event.data, event.metadata].map(documentArrayText),
    ...[event.actor, event.correlation].map(quotedArrayText),
    arrayText(tag.ordinal),
    quotedArrayText(tag.tag),
  ];
}

function expectedNumber(expected: ExpectedVersion): number {
  if (expected === 'any') return EXPECTED_ANY;
  if (expected === 'stream-exists') return EXPECTED_EXISTS;
  return expected === 'no-stream' ? 0 : expected;
}
