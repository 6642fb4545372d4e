import { Databases, EventLog, EventSourcingModule, Relays } from '@leftfold/core';
import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { Proofs } from './proving/proofs.js';
import { type ProofsOptions, type ResolvedProofsOptions, resolveProofsOptions } from './sealing/proofs-options.js';
import { SealerSubscription } from './sealing/sealer-subscription.js';
import { Sealed } from './sealing/sealed.js';
import { ProofTileEntity, ProofTreeEntity } from './stored/proof-tables.js';
import { CreateProofs1750004000000 } from './stored/migrations/events/1750004000000-create-proofs.js';

/** Options for `forRootAsync`, made by a factory that can inject other providers. */
export interface ProofsAsyncOptions
  extends Pick<FactoryProvider<ProofsOptions | undefined>, 'inject' | 'useFactory'>, Pick<ModuleMetadata, 'imports'> {}

/** The resolved options; undefined when nothing is sealed. */
export const PROOFS_OPTIONS = Symbol('leftfold.proofs.options');

/**
 * Seals the log: a Merkle tree over all events, and signed checkpoints. Import it once, beside `EventSourcingModule`.
 * `ProofsHttpModule` serves what it stores.
 */
@Module({})
export class ProofsModule {
  /** @throws SetupError while the application starts */
  static forRoot(options: ProofsOptions): DynamicModule {
    return ProofsModule.forRootAsync({ useFactory: () => options });
  }

  /**
   * Like `forRoot`, with options made by a factory. Without options nothing is sealed; what was sealed can be read.
   * @throws SetupError while the application starts
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: ProofsAsyncOptions): DynamicModule {
    return {
      module: ProofsModule,
      global: true,
      imports: [
        ...imports,
        EventSourcingModule.forFeature({
          besideTheLog: [ProofTreeEntity, ProofTileEntity],
          migrations: { events: [CreateProofs1750004000000] },
        }),
      ],
      providers: [
        {
          provide: PROOFS_OPTIONS,
          inject,
          useFactory: async (...args: unknown[]) => {
            const options = await useFactory(...args);
            return options && resolveProofsOptions(options);
          },
        },
        {
          provide: Proofs,
          inject: [EventLog, Databases],
          useFactory: (log: EventLog, databases: Databases) => new Proofs(log, databases),
        },
        { provide: Sealed, inject: [Proofs], useFactory: (proofs: Proofs) => new Sealed(proofs) },
        {
          provide: SealerSubscription,
          inject: [PROOFS_OPTIONS, Relays, EventLog, Databases, Sealed],
          useFactory: (
            options: ResolvedProofsOptions | undefined,
            relays: Relays,
            log: EventLog,
            databases: Databases,
            sealed: Sealed,
          ) => options && new SealerSubscription(options, relays, log, databases, sealed),
        },
      ],
      exports: [PROOFS_OPTIONS, Proofs, Sealed],
    };
  }
}
