import { Injectable } from '@nestjs/common';
import { EventLog, type LogFrontier } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventQuery } from '../events/event-query.js';
import { type DecisionModelClass, type Evolving, describeModel } from './decision-model.decorator.js';
import { ModelSnapshots } from './model-snapshots.js';
import { identityOf } from './model-query.js';
import type { ModelParticipant } from './participants.js';

/** A model's state, folded from its events up to a position. */
export interface ModelState {
  readonly state: Evolving;
  /** Position up to which the log was searched. */
  searchedTo: number;
  /** Position of its last event, 0 for none. */
  lastPosition: number;
  /** Events that were folded since the last snapshot. */
  unsaved: number;
}

/** How many states are kept in memory, the most recently used ones. */
const KEPT = 1_000;

/** Folds decision models. Keeps the states in memory, so that a decision reads only what is new. */
@Injectable()
export class ModelStates {
  private readonly kept = new Map<string, Promise<ModelState>>();
  private readonly numbers = new WeakMap<object, number>();
  private classes = 0;
  private generation = 0;

  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly snapshots: ModelSnapshots,
  ) {}

  /**
   * The state of a model as of a position at or after the frontier's. It is shared: a decision must not change it, and
   * a later call may. A state that was folded before stored events were given further tags does not count any more.
   */
  async read(participant: ModelParticipant, query: EventQuery, frontier: LogFrontier): Promise<ModelState> {
    const { modelClass } = participant;
    const { position, tagsGeneration } = frontier;
    if (participant.query) return this.advance(participant, query, blankState(modelClass), frontier);
    if (describeModel(modelClass).lastEventOnly) return this.readLast(participant, query, position);
    if (tagsGeneration !== this.generation) {
      // The states of before are never asked for again, and may hold the data of a person who is forgotten.
      this.kept.clear();
      this.generation = tagsGeneration;
    }
    const key = `${tagsGeneration} ${this.numberOf(modelClass)} ${identityOf(query)}`;
    const restored = (): Promise<ModelState> => this.restored(participant, query, tagsGeneration);
    const kept = this.kept.get(key)?.catch(restored);
    const next = (kept ?? restored()).then(async (each) => {
      // The log is shorter than before, so it was restored from a backup.
      const isOfThisLog = each.searchedTo <= position;
      return this.advance(participant, query, isOfThisLog ? each : await restored(), frontier);
    });
    this.kept.delete(key);
    this.kept.set(key, next);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value!);
    try {
      return await next;
    } catch (error) {
      // The state may have been folded in part.
      if (this.kept.get(key) === next) this.kept.delete(key);
      throw error;
    }
  }

  private async restored(
    { modelClass }: ModelParticipant,
    query: EventQuery,
    tagsGeneration: number,
  ): Promise<ModelState> {
    const snapshot = await this.snapshots.find(modelClass, query, tagsGeneration);
    if (!snapshot) return blankState(modelClass);
    const { position } = snapshot;
    const state = new modelClass();
    try {
      state.restoreSnapshot!(snapshot.state);
      return { state, searchedTo: position, lastPosition: position, unsaved: 0 };
    } catch {
      // The state does not have the shape that its version promises, so it is folded from its events.
      return blankState(modelClass);
    }
  }

  private async advance(
    participant: ModelParticipant,
    query: EventQuery,
    kept: ModelState,
    { position: atLeast, tagsGeneration }: LogFrontier,
  ): Promise<ModelState> {
    if (kept.searchedTo >= atLeast) return kept;
    const read = this.log.readTagged(query, { after: kept.searchedTo, upTo: atLeast });
    let last: RecordedEvent | undefined;
    for await (const recorded of read) {
      this.evolve(kept.state, recorded);
      last = recorded;
      kept.lastPosition = recorded.position;
      kept.unsaved += 1;
    }
    kept.searchedTo = atLeast;
    if (last && !participant.query && this.snapshots.isDue(participant.modelClass, kept.unsaved)) {
      this.snapshots.take(participant.modelClass, query, tagsGeneration, kept.state, last);
      kept.unsaved = 0;
    }
    return kept;
  }

  /** The last event of each item, however many earlier ones there are. */
  private async readLast({ modelClass }: ModelParticipant, query: EventQuery, upTo: number): Promise<ModelState> {
    const events = await this.log.readLastOfEach(query, upTo);
    const state = new modelClass();
    for (const event of events) this.evolve(state, event);
    return { state, searchedTo: upTo, lastPosition: events.at(-1)?.position ?? 0, unsaved: 0 };
  }

  private evolve(state: Evolving, recorded: RecordedEvent): void {
    for (const event of this.serializer.eventsOf(recorded)) state.evolve(event);
  }

  private numberOf(modelClass: object): number {
    let number = this.numbers.get(modelClass);
    if (number === undefined) this.numbers.set(modelClass, (number = ++this.classes));
    return number;
  }
}

function blankState(modelClass: DecisionModelClass): ModelState {
  return { state: new modelClass(), searchedTo: 0, lastPosition: 0, unsaved: 0 };
}
