import {
  CertificateCheck,
  Databases,
  EventLog,
  EventSourcingModule,
  LogSeal,
  PersonalData,
  Relays,
} from '@leftfold/core';
import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ForgettingCertificates } from './forgetting/forgetting-certificates.js';
import { ProofCertificateCheck } from './forgetting/proof-certificate-check.js';
import { ProofAccess, type Publicity } from './http/proof-access.js';
import { proofsControllers } from './http/proofs.controllers.js';
import { SealedInterceptor } from './http/sealed.interceptor.js';
import { parseVerifierKey } from './notes/keys.js';
import { ProofSeal } from './proving/proof-seal.js';
import { Proofs } from './proving/proofs.js';
import {
  PROOFS_OPTIONS,
  type ProofsOptions,
  type ResolvedProofsOptions,
  resolveProofsOptions,
} from './sealing/proofs-options.js';
import { SealerSubscription } from './sealing/sealer-subscription.js';
import { Sealed } from './sealing/sealed.js';
import { CosignatureEntity } from './stored/cosignature.entity.js';
import { CertificateEntity } from './stored/certificate.entity.js';
import { ProofTileEntity, ProofTreeEntity } from './stored/proof-tables.js';
import { CreateCertificates1750004010000 } from './stored/migrations/events/1750004010000-create-certificates.js';
import { CreateCosignatures1750004020000 } from './stored/migrations/events/1750004020000-create-cosignatures.js';
import { CreateProofs1750004000000 } from './stored/migrations/events/1750004000000-create-proofs.js';
import { Cosignatures } from './witnessing/cosignatures.js';

/** What an application passes in. */
export interface ProofsModuleOptions extends ProofsOptions {
  /**
   * Decides who may read proofs over HTTP. Its own dependencies must come from global modules. Default: there are no
   * routes, and `HttpModule` is not needed.
   */
  readonly access?: Type<ProofAccess>;
}

/** Like `ProofsModuleOptions`, with options from a factory. */
export interface ProofsAsyncOptions
  extends Pick<FactoryProvider<ProofsOptions | undefined>, 'inject' | 'useFactory'>, Pick<ModuleMetadata, 'imports'> {
  readonly access?: Type<ProofAccess>;
}

/**
 * Seals the log: a Merkle tree over all events, and signed checkpoints. Import it once, after `EventSourcingModule` and
 * `HttpModule`.
 */
@Module({})
export class ProofsModule {
  /** @throws SetupError while the application starts */
  static forRoot({ access, ...options }: ProofsModuleOptions): DynamicModule {
    return ProofsModule.forRootAsync({ ...(access && { access }), useFactory: () => options });
  }

  /**
   * Like `forRoot`, with options made by a factory. Without options nothing is sealed; what was sealed can be read.
   * @throws SetupError while the application starts
   */
  static forRootAsync({ imports = [], inject = [], useFactory, access }: ProofsAsyncOptions): DynamicModule {
    const publicity: Publicity = { isPublic: false };
    return {
      module: ProofsModule,
      global: true,
      imports: [
        ...imports,
        EventSourcingModule.forFeature({
          besideTheLog: [ProofTreeEntity, ProofTileEntity, CertificateEntity, CosignatureEntity],
          migrations: {
            events: [CreateProofs1750004000000, CreateCertificates1750004010000, CreateCosignatures1750004020000],
          },
        }),
      ],
      controllers: access ? proofsControllers(publicity) : [],
      providers: [
        ...(access ? httpProviders(access) : []),
        {
          provide: PROOFS_OPTIONS,
          inject,
          useFactory: async (...args: unknown[]) => {
            const options = await useFactory(...args);
            const resolved = options && resolveProofsOptions(options);
            publicity.isPublic = resolved?.public ?? false;
            return resolved;
          },
        },
        {
          provide: Proofs,
          inject: [EventLog, Databases],
          useFactory: (log: EventLog, databases: Databases) => new Proofs(log, databases),
        },
        {
          provide: LogSeal,
          inject: [PROOFS_OPTIONS, EventLog, Databases],
          useFactory: (options: ResolvedProofsOptions | undefined, log: EventLog, databases: Databases) =>
            new ProofSeal(log, databases, options?.keys.map(({ verifier }) => parseVerifierKey(verifier)) ?? []),
        },
        { provide: Sealed, inject: [Proofs], useFactory: (proofs: Proofs) => new Sealed(proofs) },
        {
          provide: Cosignatures,
          inject: [PROOFS_OPTIONS, Proofs, Databases],
          useFactory: (options: ResolvedProofsOptions | undefined, proofs: Proofs, databases: Databases) =>
            new Cosignatures(options, proofs, databases),
        },
        {
          provide: ForgettingCertificates,
          inject: [PROOFS_OPTIONS, Proofs, Sealed, PersonalData, Databases],
          useFactory: (
            options: ResolvedProofsOptions | undefined,
            proofs: Proofs,
            sealed: Sealed,
            personalData: PersonalData,
            databases: Databases,
          ) => new ForgettingCertificates(personalData, databases, { options, proofs, sealed }),
        },
        {
          provide: CertificateCheck,
          inject: [PROOFS_OPTIONS, Proofs],
          useFactory: (options: ResolvedProofsOptions | undefined, proofs: Proofs) =>
            new ProofCertificateCheck(options?.keys.map(({ verifier }) => verifier) ?? [], () =>
              proofs.origins(options?.originPrefix),
            ),
        },
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
      exports: [PROOFS_OPTIONS, Proofs, Sealed, Cosignatures, LogSeal, ForgettingCertificates, CertificateCheck],
    };
  }
}

function httpProviders(access: Type<ProofAccess>): Provider[] {
  return [
    { provide: ProofAccess, useClass: access },
    { provide: APP_INTERCEPTOR, useClass: SealedInterceptor },
  ];
}
