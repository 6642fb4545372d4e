import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { execute } from '../../databases/execute.js';
import { type Line, wakeFirst } from './lines.js';
import type { ExecutionOutcome, Settlement } from './saga-command.js';

/**
 * Stores outcomes of commands, in a transaction that has locked their saga's lines. Skips a command that another
 * process has claimed in the meantime, because that process stores its outcome.
 */
export async function settle(manager: EntityManager, owner: string, settlements: readonly Settlement[]): Promise<void> {
  const done = settlements.filter(({ outcome }) => outcome.kind === 'done').map(({ command }) => command.id);
  if (done.length > 0) await deleteDone(manager, owner, done);
  for (const { command, outcome } of settlements) {
    if (outcome.kind === 'done') continue;
    const isCompensated =
      outcome.kind === 'refused' && command.hasCompensation && (await compensate(manager, owner, command.id));
    if (!isCompensated) await noteFailure(manager, owner, command.id, outcome);
  }
  await wakeFirst(manager, linesThatGoOn(settlements));
}

async function deleteDone(manager: EntityManager, owner: string, ids: readonly string[]): Promise<void> {
  const dialect = dialectOf(manager);
  await execute(
    manager.queryRunner!,
    `delete from leftfold_saga_commands where claimed_by = ? and ${dialect.isAnyOf('id')}`,
    [owner, dialect.list(ids)],
  );
}

/** Puts the compensation in the place of the refused command: the same line and turn. */
async function compensate(manager: EntityManager, owner: string, id: string): Promise<boolean> {
  const { now } = dialectOf(manager);
  const { affected } = await execute(
    manager.queryRunner!,
    `update leftfold_saga_commands set id = otherwise_id, name = otherwise_name, version = otherwise_version, data = otherwise_data,
            otherwise_id = null, otherwise_name = null, otherwise_version = null, otherwise_data = null,
            state = 'ready', due_at = ${now}, claimed_by = null, tries = 0, deaths = 0, attempts = 0,
            letter_id = null, first_failed_at = null, last_failed_at = null, error = null, stack = null
      where id = ? and claimed_by = ?`,
    [id, owner],
  );
  return affected === 1;
}

async function noteFailure(
  manager: EntityManager,
  owner: string,
  id: string,
  outcome: Exclude<ExecutionOutcome, { kind: 'done' }>,
): Promise<void> {
  const { now } = dialectOf(manager);
  const { kind, failure } = outcome;
  const becomes =
    kind === 'failed'
      ? { sql: `state = 'retrying', due_at = ${now} + ?`, parameter: Math.ceil(outcome.dueIn) }
      : { sql: `state = 'dead', due_at = null, letter_id = coalesce(letter_id, ?)`, parameter: uuidv7() };
  await execute(
    manager.queryRunner!,
    `update leftfold_saga_commands set ${becomes.sql}, ${kind === 'refused' ? 'line = null,' : ''} claimed_by = null,
            first_failed_at = coalesce(first_failed_at, ${now}), last_failed_at = ${now}, error = ?, stack = ?
      where id = ? and claimed_by = ?`,
    [becomes.parameter, failure.message, failure.stack, id, owner],
  );
}

/** A refusal is final, so its line continues. A fault blocks its line. */
function linesThatGoOn(settlements: readonly Settlement[]): Line[] {
  return settlements.flatMap(({ command: { saga, line }, outcome: { kind } }) =>
    line !== null && (kind === 'done' || kind === 'refused') ? [{ saga, line }] : [],
  );
}
