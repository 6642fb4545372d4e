import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { select } from '../../databases/execute.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import { COLUMNS } from '../../event-log/look-up.js';
import { type EventRow, RecordedEvent } from '../../event-log/recorded-event.js';
import { UnreadableFieldError } from '../../personal-data/decrypt-fields.js';
import type { PersonalFieldsCipher, StoredContent } from '../../personal-data/personal-fields-cipher.js';
import type { EventRegistry } from '../../events/event-registry.js';
import { expectedTags } from '../tags/expected-tags.js';
import { missingTags, type TagRow } from '../tags/tag-rows.js';
import type { Findings } from './finding.js';
import type { CheckedEvent } from './read-events.js';
import { type StoredTag, readTags } from './read-tags.js';

/** Events whose data one statement reads. */
const SLICE = 500;

interface Tally {
  /** Tags that today's class gives. */
  expected: number;
  missing: number;
  /** Events that lack one. */
  events: number;
  /** The first of them. */
  first: number;
  stored: number;
}

/** How today's classes give tags. Some are made of personal fields. */
export interface GivenTags {
  readonly serializer: EventSerializer;
  readonly personal: PersonalFieldsCipher;
  readonly tagKey: Buffer;
}

/** Compares the stored tags with those that today's classes give, for the types that have a class. */
export class TagChecks {
  private readonly tallies = new Map<string, Tally>();
  /** Types with events whose personal fields can't be decrypted here. */
  private readonly undecided = new Set<string>();
  /** Number of events whose tags were not checked, because the keys of their personal fields are not here. */
  unchecked = 0;

  constructor(
    private readonly events: DataSource,
    private readonly registry: EventRegistry,
    private readonly given: GivenTags,
    private readonly findings: Findings,
  ) {}

  /** Checks that events of a range have their tags. */
  async check(range: readonly CheckedEvent[]): Promise<void> {
    const tagged = range.filter(({ type }) => this.registry.forType(type)?.tags !== undefined);
    for (let from = 0; from < tagged.length; from += SLICE) {
      await this.checkSlice(tagged.slice(from, from + SLICE));
      await nextTurn();
    }
  }

  /**
   * Checks that stored tags have their events, and adds the findings of missing tags.
   * @returns the number of tags that today's classes don't give
   */
  async finish(head: number, slice: number, pause: () => Promise<void>): Promise<number> {
    for (const [type, { missing, events, first }] of this.tallies) {
      if (missing > 0)
        this.findings.add({ check: 'tags', where: `type ${type}`, message: lacking(type, events, first) });
    }
    for await (const page of readTags(this.events, slice)) {
      for (const tag of page) if (tag.position <= head) this.countStored(tag);
      await pause();
    }
    return [...this.tallies.values()].reduce((sum, { stored, expected, missing }) => {
      return sum + Math.max(0, stored - (expected - missing));
    }, 0);
  }

  private async checkSlice(slice: readonly CheckedEvent[]): Promise<void> {
    const dialect = dialectOf(this.events);
    const rows = await select<EventRow>(
      this.events,
      `select ${COLUMNS} from leftfold_events e
        where e.position >= ? and e.position <= ? and ${dialect.isAnyOf('e.type')} order by e.position`,
      [slice[0]!.position, slice.at(-1)!.position, dialect.list([...new Set(slice.map(({ type }) => type))])],
    );
    const types = new Map(rows.map((row) => [Number(row.position), row.type]));
    const decrypts = await this.given.personal.opened(rows.map(contentOf));
    const expected = rows.flatMap((row, index) => this.expectedOf(RecordedEvent.of(row, decrypts[index])));
    for (const { position } of expected) this.tallyOf(types.get(position)!).expected++;
    const lacking = new Set<number>();
    for (const { position } of await missingTags(this.events, expected)) {
      const tally = this.tallyOf(types.get(position)!);
      tally.missing++;
      if (lacking.has(position)) continue;
      lacking.add(position);
      if (tally.events++ === 0) tally.first = position;
    }
  }

  private expectedOf(recorded: RecordedEvent): TagRow[] {
    const { serializer, tagKey } = this.given;
    try {
      return expectedTags(serializer, tagKey, recorded);
    } catch (error) {
      const { position, type } = recorded;
      if (
        (error as Error).cause instanceof UnreadableFieldError &&
        ((error as Error).cause as UnreadableFieldError).lacksKey
      ) {
        this.undecided.add(type);
        this.unchecked++;
        return [];
      }
      this.findings.add({ check: 'tags', where: `type ${type}`, message: (error as Error).message, position });
      return [];
    }
  }

  private countStored({ position, type }: StoredTag): void {
    if (type !== undefined) {
      if (this.registry.forType(type) && !this.undecided.has(type)) this.tallyOf(type).stored++;
      return;
    }
    const message = `A tag is stored for position ${position}, which has no event.`;
    this.findings.add({ check: 'tags', where: 'log', message, position });
  }

  private tallyOf(type: string): Tally {
    const tally = this.tallies.get(type) ?? { expected: 0, missing: 0, events: 0, first: 0, stored: 0 };
    this.tallies.set(type, tally);
    return tally;
  }
}

function contentOf(row: EventRow): StoredContent {
  return { position: Number(row.position), eventId: row.event_id, type: row.type, dataText: row.data };
}

function lacking(type: string, events: number, first: number): string {
  const which = events === 1 ? `The event at position ${first}` : `${events} events, the first at position ${first},`;
  return (
    `${which} of the type "${type}" ${events === 1 ? 'lacks' : 'lack'} tags of today's class, so decisions by these tags ` +
    `miss ${events === 1 ? 'it' : 'them'}. Run "tags rebuild --all" on the command line.`
  );
}
