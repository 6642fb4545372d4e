export { InvalidIdError, normaliseId } from './aggregates/aggregate-id.js';
export { AggregateRoot } from './aggregates/aggregate-root.js';
export {
  Aggregate,
  type AggregateClass,
  type AggregateOptions,
  type AnyAggregate,
  streamOf,
} from './aggregates/aggregate.decorator.js';
export {
  AggregateExistsError,
  BusyError,
  VersionConflictError,
  VersionNotFoundError,
} from './aggregates/aggregate.errors.js';
export type { Moment } from './aggregates/moment.js';
export type { KeptFold } from './aggregates/snapshots.js';
export { StreamHistory } from './aggregates/stream-history.js';
export { CommandIdReusedError, SecondDecisionError } from './commands/command.errors.js';
export { MessageContext } from './commands/message-context.js';
export type { CommandOutcome, Origin } from './commands/origin.js';
export {
  type CommandClass,
  type CommandUpcaster,
  StoredCommand,
  type StoredCommandOptions,
} from './commands/stored-command.decorator.js';
export type { Constructor } from './constructor.js';
export { AggregateRepository, type SaveOptions } from './decisions/aggregate-repository.js';
export type { Changes } from './decisions/changes.js';
export {
  DecisionModel,
  type DecisionModelClass,
  type DecisionModelOptions,
  type Evolving,
} from './decisions/decision-model.decorator.js';
export { Decisions } from './decisions/decisions.js';
export type { Guard } from './decisions/guard.js';
export { NestedDecisionError } from './decisions/nested-decision.error.js';
export {
  type AggregateParticipant,
  decisionModel,
  existing,
  existingOrNew,
  type ModelParticipant,
  type Participants,
  type StatesOf,
} from './decisions/participants.js';
export { DatabaseLimits } from './databases/database-limits.js';
export { DatabaseUnusableError, explainDatabaseFailure, NoEventLogError } from './databases/database-unusable.error.js';
export {
  type DatabaseKind,
  type DatabaseTarget,
  defaultViewsTarget,
  describeTarget,
  serverUrlOf,
  parseDatabaseUrl,
  publicUrl,
} from './databases/database-url.js';
export { Databases } from './databases/databases.js';
export type { Executed } from './databases/execute.js';
export type { OpenDatabase } from './databases/open-database.js';
export type { ReplicaStatus } from './databases/replicas/replica.js';
export type { RollingMigration } from './databases/refuse-to-break.js';
export type { EntityClass, MigrationClass } from './databases/schema.js';
export type { WriteDatabase } from './databases/write-database.js';
export { type LoggedError, mayQuote, serializeError } from './error-serializer.js';
export { type ErrorKind, ExpectedError, SetupError } from './errors.js';
export { isDatabaseAway } from './event-log/database-away.js';
export type { EventFilter } from './event-log/event-filter.js';
export type { PartitionRange } from './event-log/partition.js';
export {
  ConcurrencyError,
  ConditionNotMetError,
  EventIdTakenError,
  EventLogUnavailableError,
  EventTooLargeError,
  InvalidAppendError,
  InvalidReadError,
  StreamClosedError,
} from './event-log/event-log.errors.js';
export {
  type AppendCondition,
  type AppendOptions,
  type AppendResult,
  type BackwardsSlice,
  EventLog,
  type ExpectedVersion,
  type LogFrontier,
  type LogSlice,
  type NewEvent,
  type ReadAllOptions,
  type ReadBackwardsOptions,
  type ReadStreamOptions,
  type ReadTaggedOptions,
  type TaggedEvents,
  type StreamAppend,
} from './event-log/event-log.js';
export { EventSerializer } from './event-log/event-serializer.js';
export { EventRegistry } from './events/event-registry.js';
export { type MissingTags, TagVersions } from './event-log/tag-versions.js';
export { LogStatistics, type LogSummary } from './event-log/log-statistics.js';
export { RecordedEvent } from './event-log/recorded-event.js';
export { isCategory, isStreamName } from './event-log/stream-name.js';
export type { ListStreamsOptions, StreamSummary } from './event-log/stream-summary.js';
export {
  DomainEvent,
  type DomainEventOptions,
  type EventClass,
  type EventDescriptor,
  storedNamesOf,
  type UpcastContext,
  type Upcaster,
} from './events/domain-event.decorator.js';
export { type JsonObject, type JsonValue, UnstorableValueError } from './events/json.js';
export type { EventMetadata } from './events/metadata.js';
export type { Forgets, ForgottenSubject, PersonalFields, PersonalPart } from './events/personal-fields.js';
export { EVERY_EVENT, type EventQuery, type EventQueryItem, type TagQuery, withAnyTag } from './events/event-query.js';
export {
  type ExactValue,
  exactly,
  normaliseTagValue,
  type Tag,
  tagsOf,
  type TagValue,
  type TagValues,
} from './events/tags.js';
export { unreachable } from './events/unreachable.js';
export { Inbox } from './inbox/inbox.js';
export type { FeedProblem, FeedStatus, MessageFeed } from './inbox/message-feed.js';
export { MessageHandlers, type MessageHandlerStatus } from './inbox/message-handlers.js';
export type {
  IncomingMessage,
  MessageHandler,
  RawMessage,
  Receipt,
  UnderstoodMessage,
} from './inbox/incoming-message.js';
export { type EventSourcingAsyncOptions, EventSourcingModule } from './module/event-sourcing.module.js';
export type { FeatureDefinition } from './module/feature-definition.js';
export type { EventSourcingOptions, PersonalDataOptions } from './module/options.js';
export type { NodeOptions } from './module/node-options.js';
export { Relays } from './module/relays.js';
export { backUp, type BackupOptions, type CopiedFile } from './operations/backup/back-up.js';
export { type BackupPlan, type FileCopy, planBackup } from './operations/backup/backup-plan.js';
export type { CopyProgress } from './operations/backup/copy-sqlite.js';
export { Causation } from './operations/causation/causation.js';
export type {
  CausationEdge,
  CausationGraph,
  CausationNode,
  CommandStep,
  DeadLetterStep,
  EventStep,
  RequestStep,
  ScheduleStep,
  SideEffectStep,
} from './operations/causation/causation-graph.js';
export { DeadLetterNotFoundError, DeadLetters } from './operations/dead-letters.js';
export {
  CommandGoneError,
  type GoneSubscription,
  MessageHandlerGoneError,
  SubscriptionGoneError,
  SubscriptionInUseError,
  SubscriptionNotGoneError,
  UnfitSuccessorError,
} from './operations/gone/gone-subscription.js';
export { CopyRefusedError } from './operations/copies/copy.errors.js';
export { markCopy } from './operations/copies/copy-target.js';
export { ReadModelCopies, type ReadModelCopyOptions } from './operations/copies/read-model-copies.js';
export { type ExportedEvent, exportedLine } from './operations/export-file/event-line.js';
export {
  type ExportEnd,
  type ExportHeader,
  type ExportLine,
  type HashesLine,
  parseExportLine,
} from './operations/export-file/file-lines.js';
export { type FileLine, readLines, UnreadableFileError } from './operations/export-file/read-lines.js';
export { ExportRefusedError } from './operations/export/export.errors.js';
export type { ExportedEvents, LogExportOptions, LogExportReport } from './operations/export/export-options.js';
export { LogExport } from './operations/export/log-export.js';
export { ImportRefusedError } from './operations/import/import.errors.js';
export type { LogImportOptions, LogImportReport } from './operations/import/import-options.js';
export { LogImport } from './operations/import/log-import.js';
export type { ImportMapping, MappedField } from './operations/import/mapping.js';
export { type LogCheckpoint, LogSeal, type SealFinding, type SealReport } from './operations/log-seal.js';
export { LiveNodes, type NodeRange, type NodeStatus } from './operations/live-nodes.js';
export { OneOffRuns } from './operations/one-off-runs.js';
export { ScheduleNotFoundError, Schedules } from './operations/schedules.js';
export type {
  RangeStatus,
  RebuildStatus,
  SubscriptionState,
  SubscriptionStatus,
} from './operations/subscription-status.js';
export { NotRebuildableError, SubscriptionNotFoundError } from './operations/subscription.errors.js';
export { Subscriptions } from './operations/subscriptions.js';
export { LookUpRebuild, type LookUpRebuildOptions } from './operations/look-ups/look-up-rebuild.js';
export { type RebuiltTags, TagRebuild, type TagRebuildOptions } from './operations/tags/tag-rebuild.js';
export type { Finding, VerifyCheck } from './operations/verify/finding.js';
export {
  LogVerifier,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyReport,
} from './operations/verify/log-verifier.js';
export { type QuotedSource, withoutPersonalData } from './personal-data.js';
export { type KeyState, KeyStore, type SubjectKey } from './personal-data/key-store.js';
export { type ReadField, UnreadableFieldError } from './personal-data/decrypt-fields.js';
export type { ContentPart, PersonalContent } from './personal-data/personal-content.js';
export { CertificateCheck, type CertificateCheckOptions } from './operations/forgetting/certificate-check.js';
export { CertificateRefusedError } from './operations/forgetting/certificate-refused.error.js';
export type { ReadCertificate, ReadCertificateOptions } from './operations/forgetting/read-certificate.js';
export { ForgettingReplay, type ReplayedForgetting } from './operations/forgetting/forgetting-replay.js';
export { ForeignKeyStoreError, KeyRotation, type KeyRotationOptions } from './operations/forgetting/key-rotation.js';
export { type PlainEvents, PlainPersonalFields } from './operations/forgetting/plain-personal-fields.js';
export { MissingMasterKeyError } from './personal-data/master-keys.js';
export { type Forgetting, PersonalData, type SubjectFields } from './personal-data/personal-data.js';
export type { UnstorableText } from './read-models/columns/text-types.js';
export { InjectReadModelRepository } from './read-models/inject-read-model-repository.js';
export { type KeyOfEvent, Projection, type ProjectionOptions } from './read-models/projection.decorator.js';
export { ReadModelBehindError } from './read-models/read-model-behind.error.js';
export { ReadModelPositions } from './read-models/read-model-positions.js';
export { InjectReadModel, ReadModel } from './read-models/read-model.js';
export { ReadsFrom } from './read-models/reads-from.decorator.js';
export type { RowDifference, TableComparison } from './read-models/rebuild/compare-tables.js';
export { RebuildUnderWayError } from './read-models/rebuild/rebuild-under-way.error.js';
export { RowRefusedError } from './read-models/row-refused.error.js';
export type { KeyPart, RowClass, RowKey } from './read-models/row.js';
export type { MissedRuns } from './recurring/due-runs.js';
export { RecurringJobs, type RecurringJobState, type RecurringJobStatus } from './recurring/recurring-jobs.js';
export { Recurring, type RecurringCommandClass, type RecurringOptions } from './recurring/recurring.decorator.js';
export { RecurringJobGoneError, RecurringJobNotFoundError } from './recurring/recurring.errors.js';
export { cancelScheduled, orElse, type Schedule, scheduled } from './sagas/emission.js';
export type { ScheduledEntry, SchedulePlace } from './sagas/outbox/outbox-contents.js';
export { ScheduleClock } from './sagas/outbox/schedule-clock.js';
export { SagaName, type SagaOptions } from './sagas/saga-name.decorator.js';
export type { LogCompanion, LogCompanionOptions, StoreAsOwner } from './side-effects/log-companion.js';
export { originOfEffect } from './side-effects/origin-of-effect.js';
export type { RelayHandler, RelayOptions } from './side-effects/relay.js';
export { SideEffect, type SideEffectOptions } from './side-effects/side-effect.decorator.js';
export { DependencyAwayError } from './subscriptions/dependency-away.error.js';
export type { EventContext, ProjectionHandler, SideEffectHandler } from './subscriptions/event-handler.js';
export { type FollowOptions, LogFollower } from './subscriptions/log-follower.js';
export type { DeadLetter, DeadLetterCount, DeadLetterFate } from './subscriptions/parking/dead-letter.js';
export { pauseAfter } from './subscriptions/retry-policy.js';
export { LeftSubscriptions } from './subscriptions/left-subscriptions.js';
export type { LiveNode } from './subscriptions/ranges/nodes.js';
export type { NodeProfile, NodeRole } from './subscriptions/ranges/this-node.js';
export type { RestartPause } from './subscriptions/states/restart.js';
export { EventSkips, type SkippedEvent, type SkipRequest } from './operations/skips/event-skips.js';
export {
  NotTheNextEventError,
  SkipOvertakenError,
  SubscriptionNotStoppedError,
} from './operations/skips/skip.errors.js';
export { type FailurePolicy, Retry, type RetryOptions } from './subscriptions/retry.decorator.js';
export type { BackgroundWork } from './subscriptions/subscription-host.js';
export type { SubscriptionKind } from './subscriptions/subscription.js';
export {
  type AnsweredAppend,
  type AppendEnd,
  type CommittedBatch,
  type DecisionConflict,
  type RetriedWork,
  type Retried,
  Telemetry,
} from './telemetry.js';
