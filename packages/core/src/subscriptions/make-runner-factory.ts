import { StoredCommands } from '../commands/stored-commands.js';
import { Databases } from '../databases/databases.js';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../events/event-serializer.js';
import { type ResolvedOptions } from '../options.js';
import { ReadModelPositions } from '../read-models/read-model-positions.js';
import { RowLayouts } from '../read-models/row-layouts.js';
import { OutboxWorker } from '../sagas/outbox/outbox-worker.js';
import { Outbox } from '../sagas/outbox/outbox.js';
import { Telemetry } from '../telemetry.js';
import { LogTail } from './log-tail.js';
import { ParkedEvents } from './parking/parked-events.js';
import { RebuildStates } from './rebuild/rebuild-states.js';
import { ShadowSource } from './rebuild/shadow-source.js';
import { shadowTablesFor } from './rebuild/shadow-tables.js';
import { RunnerFactory } from './runners/runner-factory.js';
import { StatesByKind } from './states/states-by-kind.js';

/** Puts together what runs a subscription of each kind. */
export function makeRunnerFactory(
  states: StatesByKind,
  tail: LogTail,
  log: EventLog,
  serializer: EventSerializer,
  { views, events }: Databases,
  positions: ReadModelPositions,
  rebuilds: RebuildStates,
  shadow: ShadowSource,
  layouts: RowLayouts,
  parked: ParkedEvents,
  commands: StoredCommands,
  outbox: Outbox,
  worker: OutboxWorker,
  telemetry: Telemetry,
  { eventSizeLimit }: ResolvedOptions,
): RunnerFactory {
  const around = { log, tail, serializer, telemetry };
  const parking = { ...around, parked, events: events.write };
  return new RunnerFactory({
    'read-model': {
      ...around,
      states: states['read-model'],
      views,
      positions,
      rebuilds,
      tables: shadowTablesFor(views.write.kind),
      shadow: () => shadow.get(),
      layouts,
    },
    'side-effect': { ...parking, states: states['side-effect'] },
    saga: { ...parking, states: states.saga, commands, commandSizeLimit: eventSizeLimit, outbox, worker },
  });
}
