import { type Account, type Metadata, type NewEntry, type Payment, type StoredEntry, TYPE } from '../../contract.js';

/** An event as both of Emmett's stores take and give it. */
export interface Message {
  readonly type: string;
  readonly data: Payment;
  readonly metadata: Metadata & { streamName?: string; streamPosition?: bigint; globalPosition?: bigint };
}

/** What both of Emmett's stores do with one stream. */
export interface Streams {
  appendToStream(
    stream: string,
    events: readonly Message[],
    options: { expectedStreamVersion: bigint },
  ): Promise<unknown>;
  aggregateStream(
    stream: string,
    options: { initialState: () => number; evolve: (total: number, event: Message) => number },
  ): Promise<{ currentStreamVersion: bigint; state: number }>;
}

/** Appends entries of one stream that follow one another. */
export async function appendTo(streams: Streams, entries: readonly NewEntry[]): Promise<void> {
  const { stream, expected } = entries[0]!;
  await streams.appendToStream(
    stream,
    entries.map(({ data, metadata }) => ({ type: TYPE, data, metadata })),
    // Not 'STREAM_DOES_NOT_EXIST', with which Emmett checks no version.
    { expectedStreamVersion: BigInt(expected) },
  );
}

export async function loadFrom(streams: Streams, id: string): Promise<Account> {
  const { currentStreamVersion, state } = await streams.aggregateStream(`account-${id}`, {
    initialState: () => 0,
    evolve: (total, { data }) => total + data.amount,
  });
  return { version: Number(currentStreamVersion), total: state };
}

export function entryOf({ data, metadata }: Message): StoredEntry {
  return {
    position: Number(metadata.globalPosition),
    stream: metadata.streamName!,
    version: Number(metadata.streamPosition),
    data,
    metadata,
  };
}
