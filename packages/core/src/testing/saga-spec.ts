import assert from 'node:assert/strict';
import { describeCommand } from '../commands/stored-command.decorator.js';
import { decodeCommand, encodeCommand } from '../commands/stored-commands.js';
import { classOf } from '../constructor.js';
import { CancelledSchedule, CommandOrElse, ScheduledCommand } from '../sagas/emission.js';
import { emittedBy, sagaMethodsOf } from '../sagas/saga-methods.js';
import { eventThroughStorage } from './through-storage.js';

/**
 * Tests a saga with events and commands: `const saga = sagaSpec(new FulfilmentSaga())`, and then
 * `saga.given(anOrder()).expectCommands([aReservation()])`. Every event and every command is converted to JSON and
 * back, as in the log and in the outbox.
 */
export function sagaSpec(saga: object): SagaSpec {
  return new SagaSpec(saga, []);
}

/** A saga with the events that it has already handled. */
export class SagaSpec {
  constructor(
    private readonly saga: object,
    private readonly events: readonly object[],
  ) {}

  given(...events: object[]): SagaSpec {
    return new SagaSpec(this.saga, [...this.events, ...events]);
  }

  /** Expects exactly these commands: event by event, method by method, in the order of emission. */
  async expectCommands(expected: readonly object[]): Promise<void> {
    const methods = sagaMethodsOf(this.saga);
    assert.ok(methods.length > 0, `${this.saga.constructor.name} has no method with @Saga().`);
    const emitted: object[] = [];
    for (const event of this.events) {
      const revived = eventThroughStorage(event);
      for (const method of methods) emitted.push(...(await emittedBy(method, revived, throughStorage)));
    }
    assert.deepStrictEqual(emitted, expected.map(throughStorage));
  }

  /** Expects no commands. */
  expectNothing(): Promise<void> {
    return this.expectCommands([]);
  }
}

function throughStorage(emission: object): object {
  if (emission instanceof ScheduledCommand) {
    return new ScheduledCommand(commandThroughStorage(emission.command), emission.schedule);
  }
  if (emission instanceof CommandOrElse) {
    return new CommandOrElse(commandThroughStorage(emission.command), commandThroughStorage(emission.compensation));
  }
  return emission instanceof CancelledSchedule ? emission : commandThroughStorage(emission);
}

function commandThroughStorage(command: object): object {
  const { version, data } = encodeCommand(command);
  return decodeCommand(describeCommand(classOf(command))!, version, data);
}
