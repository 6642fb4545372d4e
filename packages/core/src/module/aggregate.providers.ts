import type { Provider } from '@nestjs/common';
import { AggregateLoader } from '../aggregates/aggregate-loader.js';
import { CurrentFold } from '../aggregates/current-fold.js';
import { KeptStates } from '../aggregates/kept-states.js';
import { KeptStreams } from '../aggregates/kept-streams.js';
import { SnapshotCopies } from '../aggregates/snapshot-copies.js';
import { Snapshots } from '../aggregates/snapshots.js';
import { StreamHistory } from '../aggregates/stream-history.js';
import { Databases } from '../databases/databases.js';
import { AggregateRepository } from '../decisions/aggregate-repository.js';
import { DecisionBasis } from '../decisions/decision-basis.js';
import { Decisions } from '../decisions/decisions.js';
import { ModelSnapshots } from '../decisions/model-snapshots.js';
import { ModelStates } from '../decisions/model-states.js';
import { KeyRing } from '../personal-data/key-ring.js';
import { OPTIONS, type ResolvedOptions } from './options.js';

/** Aggregates and decisions: what is folded from events, and what is decided over it. */
export const AGGREGATE_PROVIDERS: Provider[] = [
  StreamHistory,
  {
    provide: Snapshots,
    inject: [Databases, OPTIONS, KeyRing],
    useFactory: (databases: Databases, { snapshotEvery }: ResolvedOptions, keys: KeyRing) =>
      new Snapshots(databases, snapshotEvery, new SnapshotCopies(databases, keys)),
  },
  {
    provide: KeptStreams,
    inject: [OPTIONS],
    useFactory: ({ aggregateMemory }: ResolvedOptions) => new KeptStreams(aggregateMemory),
  },
  CurrentFold,
  KeptStates,
  AggregateLoader,
  {
    provide: ModelSnapshots,
    inject: [Databases, OPTIONS],
    useFactory: (databases: Databases, { snapshotEvery }: ResolvedOptions) =>
      new ModelSnapshots(databases, snapshotEvery),
  },
  ModelStates,
  DecisionBasis,
  Decisions,
  AggregateRepository,
];
