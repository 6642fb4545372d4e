import { EventSourcingModule, type NodeRole } from '@leftfold/core';
import { NatsModule } from '@leftfold/nats';
import { OperationsModule } from '@leftfold/operations';
import type { Opening } from '@leftfold/operations/cli';
import { ProofsModule } from '@leftfold/proofs';
import { type DynamicModule, Module } from '@nestjs/common';
import { appVersion } from './platform/config/app-version.js';
import { InventoryModule } from './inventory/inventory.module.js';
import { OrderStatisticsModule } from './orders/order-statistics.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { RoleOperatorAccess } from './platform/auth/role-operator-access.js';
import { RoleProofAccess } from './platform/auth/role-proof-access.js';
import { Settings } from './platform/config/settings.js';
import { SettingsModule } from './platform/config/settings.module.js';
import type { Environment } from './platform/config/variables.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { natsOptions } from './platform/nats/nats-options.js';
import { masterKeys } from './platform/personal-data/master-keys.js';
import { proofKeys } from './platform/proofs/proof-keys.js';
import { proofMemory } from './platform/proofs/proof-memory.js';
import { UserBackgroundJobsModule } from './users/user-background-jobs.module.js';
import { UsersModule } from './users/users.module.js';
import { AppHttpModule } from './platform/http/app-http.module.js';

/** What a node does, by its setting. */
const ROLES: Readonly<Record<Settings['role'], readonly NodeRole[]>> = {
  all: ['api', 'worker'],
  api: ['api'],
  worker: ['worker'],
};

/** The application: the kernel, the platform, and the features. The only file that imports every module. */
@Module({})
export class AppModule {
  /**
   * @param env the environment to read settings from; default: that of the process, and `.env`
   * @param use a command line works on an existing log: it runs no subscriptions and no background jobs, and logs to
   *   standard error
   * @param opening what a command opens besides what is there
   */
  static forRoot(
    env?: Environment,
    use: 'serving' | 'command-line' = 'serving',
    { mayCreateLog = false, log, views }: Opening = {},
  ): DynamicModule {
    const oneOff = use === 'command-line';
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot(env),
        MailModule,
        EventSourcingModule.forRootAsync({
          inject: [Settings],
          useFactory: (settings: Settings) => ({
            url: log ?? settings.events,
            viewsUrl: views ?? settings.views,
            viewsReplicaUrls: settings.viewsReplicas,
            databaseLimits: { replicaLag: settings.replicaLagLimit },
            ...(settings.tablePrefix === undefined ? {} : { tablePrefix: settings.tablePrefix }),
            ...(settings.schema === undefined || log ? {} : { schema: settings.schema }),
            eventSizeLimit: settings.eventSizeLimit,
            snapshotEvery: settings.snapshotEvery,
            aggregateMemory: settings.aggregateMemory,
            leaseTtl: settings.leaseTtl,
            restartPause: { longest: settings.restartPauseLimit },
            readWaitLimit: settings.readWaitLimit,
            personalData: { masterKeys: () => masterKeys(settings.personalData, use) },
            node: { ...settings.node, version: appVersion(), roles: ROLES[settings.role] },
            runSubscriptions: !oneOff && settings.role !== 'api',
            oneOff,
            mayCreate: mayCreateLog,
          }),
        }),
        AuthModule,
        AppHttpModule,
        UsersModule,
        ...(oneOff ? [] : [LoggingModule, UserBackgroundJobsModule]),
        InventoryModule,
        OrdersModule,
        OrderStatisticsModule,
        NatsModule.forRootAsync({ inject: [Settings], useFactory: ({ nats }: Settings) => nats && natsOptions(nats) }),
        ProofsModule.forRootAsync({
          access: RoleProofAccess,
          inject: [Settings],
          useFactory: ({ proofs, readWaitLimit }: Settings) =>
            proofs && {
              keys: proofKeys(proofs, use),
              memory: proofMemory(proofs),
              witnessKeys: proofs.witnessKeys,
              public: proofs.isPublic,
              waitLimit: readWaitLimit,
            },
        }),
        OperationsModule.forRootAsync({
          access: RoleOperatorAccess,
          inject: [Settings],
          useFactory: ({ readyLagLimit, metricsToken }: Settings) => ({
            readyLagLimit,
            ...(metricsToken === undefined ? {} : { metricsToken }),
          }),
        }),
      ],
    };
  }
}
