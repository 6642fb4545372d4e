import { Logger } from '@nestjs/common';
import { KEY_MEMORY } from '../../personal-data/key-ring.js';
import type { KeyStore } from '../../personal-data/key-store.js';
import type { Forgetting } from '../../personal-data/personal-data.js';
import type { LogCompanion, StoreAsOwner } from '../../side-effects/log-companion.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { type ForgottenCopies, renewDecisions } from './forgotten-copies.js';
import type { ForgettingEvents } from './forgetting-events.js';
import type { ForgettingProgress } from './forgetting-progress.js';

/** Name of its subscription. */
export const FORGETTING = 'leftfold.forget';

/** How long after the mark the key is deleted, in ms: no node has it in memory any more. */
const MARGIN = KEY_MEMORY + 200;

/**
 * Carries forgettings through, one after the other, in the order of the log: it marks the subject as forgotten, so that nothing is
 * encrypted or read with its key from then on; waits until no node has the key in memory; releases tags and deletes
 * snapshots; deletes the key; and stores that it is done. Each step can be done again, so a crash between two of them
 * does no harm.
 */
export class ForgettingCompanion implements LogCompanion {
  private readonly logger = new Logger('personal data');
  /** Up to where this process knows that nothing is left to do. */
  private looked = 0;

  constructor(
    private readonly events: ForgettingEvents,
    private readonly progress: ForgettingProgress,
    private readonly keys: KeyStore,
    private readonly copies: ForgottenCopies,
  ) {}

  async follow(_reached: number, store: StoreAsOwner): Promise<number> {
    const after = Math.max(this.looked, await this.progress.position());
    const { event, upTo } = await this.events.next(after);
    if (!event) {
      this.looked = upTo;
      return Infinity;
    }
    return this.carryThrough(event, store);
  }

  close(): void {
    // Another owner may have to do something again, such as after a restored backup.
    this.looked = 0;
  }

  /** @returns after how long it is to be called again, in ms */
  private async carryThrough(event: RecordedEvent, store: StoreAsOwner): Promise<number> {
    const forgettings = this.events.of(event);
    let wait = 0;
    for (const each of forgettings) wait = Math.max(wait, MARGIN - (await this.mark(each)));
    if (wait > 0) return wait;
    for (const each of forgettings) await this.forget(each, store);
    await store(async (manager) => {
      await renewDecisions(manager);
      await this.progress.advance(manager, event.position);
    });
    this.logger.log(`A subject of personal data is forgotten (event at position ${event.position}).`);
    return 0;
  }

  /** A mark that was replayed after a restored backup may be of an event that this log has lost. */
  private async mark(forgetting: Forgetting): Promise<number> {
    const state = (await this.keys.find([forgetting.subject])).get(forgetting.subject);
    const marked = state && 'forgotten' in state ? state.forgotten : undefined;
    const isLost = marked !== undefined && !(await this.events.has(marked));
    return this.keys.forget(forgetting, isLost ? marked : undefined);
  }

  private async forget(forgetting: Forgetting, store: StoreAsOwner): Promise<void> {
    const { subject } = forgetting;
    // A forgetting of before has deleted it, or this one, before a crash.
    const key = await this.keys.keyOfForgotten(subject);
    if (key) await this.copies.releaseTags(forgetting, key, store);
    await this.copies.deleteSnapshots(forgetting, store);
    await this.keys.erase(subject);
  }
}
