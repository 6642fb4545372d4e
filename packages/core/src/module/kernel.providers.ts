import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CommandExpiry } from '../commands/command-expiry.js';
import { MessageContext } from '../commands/message-context.js';
import { Databases } from '../databases/databases.js';
import { DecisionModels } from '../decisions/decision-models.js';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { LogStatistics } from '../event-log/log-statistics.js';
import { openEventLog } from '../event-log/open-event-log.js';
import { TagVersions } from '../event-log/tag-versions.js';
import { EventRegistry } from '../events/event-registry.js';
import { LogSeal } from '../operations/log-seal.js';
import { LookUpRebuild } from '../operations/look-ups/look-up-rebuild.js';
import { TagCheck } from '../operations/tags/check-tags.js';
import { TagRebuild } from '../operations/tags/tag-rebuild.js';
import { LogVerifier } from '../operations/verify/log-verifier.js';
import { TagAudit } from '../operations/verify/tag-audit.js';
import { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { Telemetry } from '../telemetry.js';
import { AGGREGATE_PROVIDERS } from './aggregate.providers.js';
import { DATABASE_PROVIDERS } from './database.providers.js';
import { collectFeatures, type FeatureDefinition, FEATURES } from './feature-definition.js';
import { OpenKernel } from './open-kernel.js';
import { OPTIONS, type ResolvedOptions } from './options.js';
import { PERSONAL_DATA_PROVIDERS } from './personal-data.providers.js';
import { registerEvents } from './register-events.js';
import { refuseSecondCqrsModule } from './single-cqrs-module.js';
import { SUBSCRIPTION_PROVIDERS } from './subscription.providers.js';

export const KERNEL_PROVIDERS: Provider[] = [
  MessageContext,
  Telemetry,
  {
    provide: CommandExpiry,
    inject: [EventLog, OPTIONS],
    useFactory: (log: EventLog, { oneOff }: ResolvedOptions) => new CommandExpiry(log, !oneOff),
  },
  {
    provide: FEATURES,
    inject: [ModulesContainer],
    useFactory: (modules: ModulesContainer) => {
      refuseSecondCqrsModule(modules);
      return collectFeatures(modules);
    },
  },
  {
    provide: EventRegistry,
    inject: [FEATURES],
    useFactory: registerEvents,
  },
  {
    provide: DecisionModels,
    inject: [FEATURES, EventRegistry],
    useFactory: (features: readonly FeatureDefinition[], registry: EventRegistry) =>
      new DecisionModels(
        features.flatMap(({ decisionModels = [] }) => decisionModels),
        registry,
      ),
  },
  ...DATABASE_PROVIDERS,
  {
    provide: EventLog,
    inject: [Databases, OPTIONS, Telemetry, PersonalFieldsCipher],
    useFactory: (
      { events }: Databases,
      { eventSizeLimit }: ResolvedOptions,
      telemetry: Telemetry,
      personal: PersonalFieldsCipher,
    ) => openEventLog(events, { eventSizeLimit, telemetry, personal }),
  },
  {
    provide: EventSerializer,
    inject: [EventRegistry],
    useFactory: (registry: EventRegistry) => new EventSerializer(registry),
  },
  {
    provide: TagVersions,
    inject: [Databases, EventRegistry],
    useFactory: (databases: Databases, registry: EventRegistry) => new TagVersions(databases, registry),
  },
  {
    provide: TagCheck,
    inject: [TagVersions, OPTIONS],
    useFactory: (versions: TagVersions, { oneOff }: ResolvedOptions) => new TagCheck(versions, !oneOff),
  },
  {
    provide: TagRebuild,
    inject: [Databases, EventLog, EventSerializer, TagVersions],
    useFactory: (...parts: ConstructorParameters<typeof TagRebuild>) => new TagRebuild(...parts),
  },
  LookUpRebuild,
  ...AGGREGATE_PROVIDERS,
  ...SUBSCRIPTION_PROVIDERS,
  ...PERSONAL_DATA_PROVIDERS,
  LogStatistics,
  {
    provide: LogVerifier,
    inject: [Databases, EventRegistry, EventSerializer, PersonalFieldsCipher, { token: LogSeal, optional: true }],
    useFactory: (
      databases: Databases,
      registry: EventRegistry,
      serializer: EventSerializer,
      personal: PersonalFieldsCipher,
      seal?: LogSeal,
    ) => new LogVerifier(databases, new TagAudit(databases, registry, serializer, personal), seal),
  },
  OpenKernel,
];
