import { Injectable } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import type { CurrentEvent, EventPayload, PageIds, PayloadPage } from '../event-log/recorded-event.js';
import { revive } from '../events/revive.js';
import type { AnyAggregate } from './aggregate.decorator.js';
import { KERNEL } from './aggregate-root.js';
import { isSameEvent, KeptHistory } from './kept-history.js';
import { KeptStreams } from './kept-streams.js';

/** Makes an event of what is stored. */
type Make = (payload: EventPayload, current: CurrentEvent) => object;

/**
 * Folds the events that are stored, up to the last one. It reads only what a fold needs, as long as no event has to be
 * upcast; then it returns false, and the events from there on are left to the caller.
 */
@Injectable()
export class CurrentFold {
  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly kept: KeptStreams,
  ) {}

  /**
   * From the first event on. Events that were read twice are kept, and one statement reads those behind them. So the
   * state is the current one, whatever other nodes have stored.
   */
  async fromTheFirst(aggregate: AnyAggregate, stream: string): Promise<boolean> {
    const history = this.kept.history(stream);
    const [keptTo, end] = [history?.version ?? 0, history?.end];
    // The last one is read again: it is another one if the database was restored from a backup.
    // Other loads may find the end of a kept history while it grows, and compare its id. Where this process only waits for the
    // database, one more statement for the id of the end would take longer than the ids.
    const isAgain = this.kept.wasLoaded(stream);
    const ids: PageIds = history || (isAgain && this.log.readsInBackground) ? 'with ids' : 'without ids';
    const first = await this.log.readPayloads(stream, end?.version ?? 1, ids);
    if (end && !isSameEvent(end, first.events[0])) {
      this.kept.forget(stream);
      return this.fromTheFirst(aggregate, stream);
    }
    history?.replayTo(keptTo, aggregate[KERNEL].replayOne);
    let growing = history ?? this.newHistory(stream, first, isAgain);
    const isWhole = await this.behind(aggregate, stream, first, ids, (payload, current) => {
      // Personal data is not kept in memory: it would outlive its subject's forgetting.
      if (payload.decrypt || (growing && this.kept.isTooLarge(growing.size))) growing = undefined;
      growing?.add(payload, current);
      return growing?.eventAt(payload.version) ?? made(payload, current);
    });
    if (isWhole && growing && (await this.isIdentified(growing, stream))) this.kept.keep(stream, growing);
    else if (history) this.kept.forget(stream);
    return isWhole;
  }

  /** Where pages are read without ids, the last event is read again, to be known the next time. */
  private async isIdentified(history: KeptHistory, stream: string): Promise<boolean> {
    if (history.end!.eventId !== undefined) return true;
    const { events } = await this.log.readPayloads(stream, history.version, 'with ids');
    return history.identify(events[0]);
  }

  /** For the events of a stream, from its first page on; undefined when it is not kept. */
  private newHistory(stream: string, { events }: PayloadPage, isAgain: boolean): KeptHistory | undefined {
    if (!this.kept.areKept || !KeptHistory.isWorthwhile(events.length)) return undefined;
    if (isAgain) return new KeptHistory();
    this.kept.noteLoad(stream);
    return undefined;
  }

  /** From the aggregate's version on, with event ids. @param visit called with each event before it is folded */
  async fromItsVersion(
    aggregate: AnyAggregate,
    stream: string,
    visit: (payload: EventPayload, current: CurrentEvent) => void = () => undefined,
    first?: PayloadPage,
  ): Promise<boolean> {
    const page = first ?? (await this.log.readPayloads(stream, aggregate.version + 1, 'with ids'));
    return this.behind(aggregate, stream, page, 'with ids', (payload, current) => {
      visit(payload, current);
      return made(payload, current);
    });
  }

  /** Folds the events of this page and of those that follow, which are behind the aggregate's version. */
  private async behind(
    aggregate: AnyAggregate,
    stream: string,
    first: PayloadPage,
    ids: PageIds,
    make: Make,
  ): Promise<boolean> {
    const { replayOne } = aggregate[KERNEL];
    for (let page = first; ; page = await this.log.readPayloads(stream, aggregate.version + 1, ids)) {
      for (const payload of page.events) {
        if (payload.version <= aggregate.version) continue;
        const current = this.serializer.currentOf(payload);
        if (!current) return false;
        replayOne(make(payload, current), payload.version, payload.position);
      }
      if (!page.hasMore) return true;
    }
  }
}

function made(_payload: EventPayload, { prototype, data }: CurrentEvent): object {
  return revive<object>(prototype, data);
}
