import { select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { EventRegistry } from '../../events/event-registry.js';
import { PERSONAL } from '../../events/reserved-names.js';

/** A stored type with events from before its fields were declared personal. */
export interface PlainEvents {
  readonly type: string;
  /** Events without encrypted fields. Those that have no value in a personal field are among them. */
  readonly events: number;
}

/** Finds events whose personal fields were stored as plain text. */
export class PlainPersonalFields {
  constructor(
    private readonly database: OpenDatabase,
    private readonly registry: EventRegistry,
  ) {}

  /** Reads all events of the types with personal fields. */
  async count(): Promise<PlainEvents[]> {
    const found: PlainEvents[] = [];
    for (const eventClass of this.registry.classes) {
      if (this.registry.forClass(eventClass).personal.length === 0) continue;
      for (const type of this.registry.storedNames(eventClass)) found.push({ type, events: await this.countOf(type) });
    }
    return found.filter(({ events }) => events > 0);
  }

  private async countOf(type: string): Promise<number> {
    const [row] = await select<{ events: number | string }>(
      this.database.read,
      'select count(*) as events from leftfold_events e where e.type = ? and e.data not like ?',
      [type, `%"${PERSONAL}"%`],
    );
    return Number(row!.events);
  }
}
