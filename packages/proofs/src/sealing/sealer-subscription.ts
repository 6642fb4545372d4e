import type { Databases, EventLog, Relays } from '@leftfold/core';
import { CheckpointFile, NO_MEMORY } from './checkpoint-memory.js';
import type { ResolvedProofsOptions } from './proofs-options.js';
import type { Sealed } from './sealed.js';
import { Sealer } from './sealer.js';

/** Name of the subscription. */
export const SEALER = 'proofs.seal';

/** In ms. */
const BACKOFF = { first: 1_000, longest: 30_000 };

/** Lets the sealer follow the log. */
export class SealerSubscription {
  constructor(
    private readonly options: ResolvedProofsOptions,
    private readonly relays: Relays,
    private readonly log: EventLog,
    private readonly databases: Databases,
    private readonly sealed: Sealed,
  ) {}

  /** @internal */
  onModuleInit(): void {
    const { memory } = this.options;
    const file = memory === undefined ? NO_MEMORY : new CheckpointFile(memory);
    const sealer = new Sealer(this.log, this.databases, file, this.options, (size) => this.sealed.reached(size));
    this.relays.accompany({ name: SEALER, retry: { backoff: BACKOFF } }, sealer);
  }
}
