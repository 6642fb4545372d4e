import { Injectable } from '@nestjs/common';
import { checkId } from '../aggregates/aggregate-id.js';
import { AggregateLoader } from '../aggregates/aggregate-loader.js';
import { KERNEL } from '../aggregates/aggregate-root.js';
import { type AnyAggregate, describeAggregate, streamOf } from '../aggregates/aggregate.decorator.js';
import { type AppendCondition, EventLog, type LogFrontier } from '../event-log/event-log.js';
import type { EventQuery } from '../events/event-query.js';
import { DecisionModels } from './decision-models.js';
import { keysOf, queryOf } from './model-query.js';
import { ModelStates } from './model-states.js';
import {
  type AggregateParticipant,
  type ModelParticipant,
  type Participants,
  type StatesOf,
  isModel,
} from './participants.js';

/** The parts of the log that a decision reads. */
export interface Reach<P extends Participants = Participants> {
  readonly participants: P;
  /** Streams of the aggregates, by the participant's name. */
  readonly streams: ReadonlyMap<string, string>;
  /** Queries of the models, by the participant's name. */
  readonly queries: ReadonlyMap<string, EventQuery>;
  /** Decisions that share a key queue up within a process. */
  readonly keys: readonly string[];
  /** What the decision is about, for messages. */
  readonly subject: string;
  /** Category of the first aggregate, else the class of the first model, else `new`. */
  readonly category: string;
}

/** What a decision is based on. */
export interface Basis<P extends Participants = Participants> {
  readonly states: StatesOf<P>;
  /** The aggregates by stream, in the order of the participants. */
  readonly aggregates: ReadonlyMap<string, AnyAggregate>;
  /** No further event of the models may be stored before the append. */
  readonly condition: AppendCondition | undefined;
  /** Position of the last event of the first aggregate; without aggregates, of the models; 0 for none. */
  readonly lastPosition: number;
  /**
   * All states are those of one moment. When an aggregate was stored between two reads, they are not. The append would
   * find out whether that matters; a refusal or an answer without an append would not.
   */
  readonly isOneMoment: boolean;
}

/** Reads what decisions are based on. */
@Injectable()
export class DecisionBasis {
  constructor(
    private readonly log: EventLog,
    private readonly registered: DecisionModels,
    private readonly loader: AggregateLoader,
    private readonly states: ModelStates,
  ) {}

  /** @throws SetupError when a model is not registered */
  reachOf<P extends Participants>(participants: P): Reach<P> {
    const streams = new Map<string, string>();
    const queries = new Map<string, EventQuery>();
    for (const [name, each] of Object.entries(participants)) {
      if (isModel(each)) queries.set(name, queryOf(each, this.registered));
      else streams.set(name, streamOf(each.aggregateClass, each.id));
    }
    const names = [...streams.values(), ...Object.values(participants).filter(isModel).map(nameOf)];
    return {
      participants,
      streams,
      queries,
      keys: [
        ...new Set([
          ...[...streams.values()].map((each) => `stream ${each}`),
          ...[...queries.values()].flatMap(keysOf),
        ]),
      ],
      subject: names.join(' and '),
      category: categoryOf(Object.values(participants)),
    };
  }

  /** @throws the `notFound` error of an aggregate that must exist; InvalidIdError for a new one */
  async read<P extends Participants>({ participants, streams, queries }: Reach<P>): Promise<Basis<P>> {
    const items = [...queries.values()].flatMap((query) => query.items);
    const isOneAggregate = items.length === 0 && new Set(streams.values()).size <= 1;
    // Read before the events. An event that is stored after this position and matches fails the condition.
    const frontier = isOneAggregate ? NOTHING : await this.log.frontier();
    const aggregates = new Map<string, Promise<AnyAggregate>>();
    const read = await Promise.all(
      Object.entries(participants).map(async ([name, each]) =>
        isModel(each)
          ? this.readModel(name, each, queries, frontier)
          : this.readAggregate(name, each, streams.get(name)!, aggregates),
      ),
    );
    return {
      states: Object.fromEntries(read.map(({ name, state }) => [name, state])) as StatesOf<P>,
      aggregates: new Map(read.flatMap(({ stream, state }) => (stream ? [[stream, state as AnyAggregate]] : []))),
      condition: items.length > 0 ? { query: { items }, after: frontier.position } : undefined,
      lastPosition: read.find(({ stream }) => stream)?.position ?? Math.max(0, ...read.map(({ position }) => position)),
      isOneMoment: isOneAggregate || read.every(({ position }) => position <= frontier.position),
    };
  }

  private async readModel(
    name: string,
    participant: ModelParticipant,
    queries: ReadonlyMap<string, EventQuery>,
    frontier: LogFrontier,
  ): Promise<Read> {
    const { state, lastPosition } = await this.states.read(participant, queries.get(name)!, frontier);
    return { name, state, position: lastPosition };
  }

  /** An aggregate that takes part under two names has one state, so that none of its events gets lost. */
  private async readAggregate(
    name: string,
    { aggregateClass, id, orNew }: AggregateParticipant,
    stream: string,
    aggregates: Map<string, Promise<AnyAggregate>>,
  ): Promise<Read> {
    // A new aggregate could not be stored under such an id. One that must exist is not found.
    if (orNew) checkId(describeAggregate(aggregateClass).category, id);
    const loading = aggregates.get(stream) ?? this.loader.loadOrNew(aggregateClass, id);
    aggregates.set(stream, loading);
    const state = await loading;
    if (!orNew && state.version === 0) throw describeAggregate(aggregateClass).notFound(id);
    return { name, state, stream, position: state[KERNEL].position };
  }
}

const NOTHING: LogFrontier = { position: 0, tagsGeneration: 0 };

interface Read {
  readonly name: string;
  readonly state: object;
  readonly stream?: string;
  readonly position: number;
}

function categoryOf(participants: readonly (AggregateParticipant | ModelParticipant)[]): string {
  const aggregate = participants.find((each) => !isModel(each));
  if (aggregate) return describeAggregate((aggregate as AggregateParticipant).aggregateClass).category;
  const model = participants.filter(isModel).find(({ query }) => query === undefined);
  return model ? nameOf(model) : 'new';
}

function nameOf({ modelClass, query }: ModelParticipant): string {
  return query ? 'the events of a guard' : modelClass.name;
}
