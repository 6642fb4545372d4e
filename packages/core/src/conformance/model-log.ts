import { ConcurrencyError, ConditionNotMetError, EventIdTakenError } from '../event-log/event-log.errors.js';
import type {
  AppendOptions,
  AppendResult,
  ReadStreamOptions,
  ReadTaggedOptions,
  StreamAppend,
} from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { asEventQuery, type EventQuery, type TagQuery } from '../events/event-query.js';
import { normaliseTagValue } from '../events/tags.js';

/** The parts of a read event that can be predicted. */
export interface ModelEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly data: string;
}

interface StoredEvent extends ModelEvent {
  readonly eventId: string | undefined;
  readonly tags: readonly string[];
}

/** Outcome of an append. Any error that the port does not name is a fault. */
export type ModelOutcome =
  | Pick<AppendResult, 'position' | 'versions' | 'repeated' | 'result'>
  | { readonly refused: 'version'; readonly stream: string; readonly actual: number }
  | { readonly refused: 'condition'; readonly position: number }
  | { readonly refused: 'event id'; readonly eventId: string; readonly position: number }
  | { readonly refused: 'fault' };

/** A minimal model of the event log: one array, one append after the other. Adapters must agree with it. */
export class ModelLog {
  private events: StoredEvent[] = [];
  private commands = new Map<string, ModelOutcome>();

  /** @param start head of the real log when the comparison begins */
  constructor(private readonly start: number) {}

  get head(): number {
    return this.start + this.events.length;
  }

  copy(): ModelLog {
    const copy = new ModelLog(this.start);
    copy.events = [...this.events];
    copy.commands = new Map(this.commands);
    return copy;
  }

  append(appends: readonly StreamAppend[], { commandId, condition, result }: AppendOptions = {}): ModelOutcome {
    const first = commandId && this.commands.get(commandId);
    if (first) return { ...first, repeated: true };
    for (const { stream, expected } of appends) {
      const actual = this.versionOf(stream);
      const met =
        expected === 'any' ||
        (expected === 'stream-exists' ? actual > 0 : actual === (expected === 'no-stream' ? 0 : expected));
      if (!met) return { refused: 'version', stream, actual };
    }
    const against = condition && this.find(condition.query).find((event) => event.position > condition.after);
    if (against) return { refused: 'condition', position: against.position };
    const ids = appends.flatMap((each) => each.events.flatMap((event) => event.eventId ?? []));
    for (const eventId of ids) {
      const taken = this.events.find((event) => event.eventId === eventId);
      if (taken) return { refused: 'event id', eventId, position: taken.position };
    }
    const outcome = this.store(appends, result);
    if (commandId) this.commands.set(commandId, outcome);
    return outcome;
  }

  command(commandId: string): ModelOutcome | undefined {
    const first = this.commands.get(commandId);
    return first && { ...first, repeated: true };
  }

  stream(stream: string, options: Omit<ReadStreamOptions, 'until'> = {}): ModelEvent[] {
    const { fromVersion = 1, toVersion = Infinity, backwards = false, limit = Infinity } = options;
    const events = this.events.filter(
      (event) => event.stream === stream && event.version >= fromVersion && event.version <= toVersion,
    );
    return (backwards ? events.toReversed() : events).slice(0, limit).map(shown);
  }

  slice(
    after: number,
    limit: number,
    upTo = Infinity,
    types?: readonly string[],
  ): { events: ModelEvent[]; upTo: number } {
    const end = Math.max(after, Math.min(upTo, this.head));
    const events = this.events
      .filter(({ position, type }) => position > after && position <= end && (types?.includes(type) ?? true))
      .slice(0, limit)
      .map(shown);
    return { events, upTo: events.length < limit ? end : events.at(-1)!.position };
  }

  tagged(
    query: EventQuery | TagQuery,
    { after = 0, upTo = Infinity, backwards = false, limit = Infinity }: ReadTaggedOptions,
  ): { events: ModelEvent[]; searchedTo: number } {
    const end = Math.min(upTo, this.head);
    const found = this.find(query).filter(({ position }) => position > after && position <= end);
    const events = (backwards ? found.toReversed() : found).slice(0, limit);
    const isCut = events.length === limit;
    const edge = backwards ? Math.min(after + 1, end) : Math.max(after, end);
    return { events: events.map(shown), searchedTo: isCut ? events.at(-1)!.position : edge };
  }

  private store(appends: readonly StreamAppend[], result: AppendOptions['result']): ModelOutcome {
    let touched = 0;
    const versions: Record<string, number> = {};
    const before = this.head;
    for (const { stream, events } of appends) {
      touched = Math.max(touched, this.events.findLast((event) => event.stream === stream)?.position ?? 0);
      for (const event of events) {
        this.events.push({
          position: this.head + 1,
          stream,
          version: this.versionOf(stream) + 1,
          type: event.type,
          data: JSON.stringify(event.data),
          eventId: event.eventId,
          tags: (event.tags ?? []).map(({ name, value }) => `${name} ${normaliseTagValue(value)}`),
        });
      }
      versions[stream] = this.versionOf(stream);
    }
    return { position: this.head > before ? this.head : touched, versions, repeated: false, result };
  }

  private versionOf(stream: string): number {
    return this.events.findLast((event) => event.stream === stream)?.version ?? 0;
  }

  private find(query: EventQuery | TagQuery) {
    const { items } = asEventQuery(query);
    return this.events.filter((event) =>
      items.some(
        ({ tags = [], types }) =>
          tags.every(({ name, value }) => event.tags.includes(`${name} ${normaliseTagValue(value)}`)) &&
          (types?.includes(event.type) ?? true),
      ),
    );
  }
}

export function shown({ position, stream, version, type, ...rest }: ModelEvent | RecordedEvent): ModelEvent {
  return { position, stream, version, type, data: 'dataText' in rest ? rest.dataText : rest.data };
}

/** Converts the outcome of a real append to the model's form. */
export async function outcomeOf(append: Promise<AppendResult>): Promise<ModelOutcome> {
  try {
    const { position, versions, repeated, result } = await append;
    return { position, versions, repeated, result };
  } catch (error) {
    if (error instanceof ConcurrencyError) return { refused: 'version', stream: error.stream, actual: error.actual };
    if (error instanceof ConditionNotMetError) return { refused: 'condition', position: error.position };
    if (error instanceof EventIdTakenError) {
      return { refused: 'event id', eventId: error.eventId, position: error.position };
    }
    return { refused: 'fault' };
  }
}
