import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { execute } from '../../databases/execute.js';
import { wakeFirst } from './lines.js';
import type { EmittedCommand, OutboxChange } from './saga-command.js';
import { turnsOfParties } from './turns-of-parties.js';

type Row = EmittedCommand & {
  readonly line: string | null;
  readonly state: 'waiting' | 'scheduled';
  readonly dueAt: number | null;
  readonly turn: number;
  readonly key: string | null;
  readonly otherwise: { id: string; name: string; version: number; data: string } | null;
};

/**
 * A statement passes the rows as one text, and JavaScript and the databases limit the length of a text. In characters.
 */
const LONGEST_TEXT = 8 * 1024 * 1024;

/** Uses few statements, unless the changes are very large: turns, commands in order, ended schedules, new schedules. */
export async function addToOutbox(
  manager: EntityManager,
  saga: string,
  changes: readonly OutboxChange[],
): Promise<void> {
  const commands = changes.flatMap((each) => (each.kind === 'execute' ? [each] : []));
  if (commands.length > 0) {
    const turnOf = await turnsOfParties(
      manager,
      commands.map(({ command }) => command.party),
    );
    const lined = commands.map((each) => inLine(each, turnOf(each.command.party)));
    await insert(manager, saga, lined);
    const lines = new Set(lined.map(({ stream }) => stream));
    await wakeFirst(
      manager,
      [...lines].map((line) => ({ saga, line })),
    );
  }
  // Schedules that are cancelled or replaced within these changes are never stored.
  const last = new Map(changes.flatMap((each) => (each.kind === 'execute' ? [] : [[each.key, each] as const])));
  if (last.size === 0) return;
  await cancel(manager, saga, [...last.keys()]);
  const begun = [...last.values()].flatMap((each) => (each.kind === 'schedule' ? [onSchedule(each)] : []));
  if (begun.length > 0) await insert(manager, saga, begun);
}

function inLine({ command, otherwise }: Extract<OutboxChange, { kind: 'execute' }>, turn: number): Row {
  return { ...command, line: command.stream, state: 'waiting', dueAt: null, turn, key: null, otherwise };
}

function onSchedule({ command, key, dueAt }: Extract<OutboxChange, { kind: 'schedule' }>): Row {
  return { ...command, line: null, state: 'scheduled', dueAt, turn: dueAt, key, otherwise: null };
}

async function insert(manager: EntityManager, saga: string, rows: readonly Row[]): Promise<void> {
  for (const text of texts(rows)) await insertText(manager, saga, text);
}

/** The rows as JSON, in lists of limited length. */
function texts(rows: readonly Row[]): string[] {
  const lists: string[] = [];
  let list: string[] = [];
  let length = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (length > 0 && length + text.length > LONGEST_TEXT) {
      lists.push(`[${list.join()}]`);
      list = [];
      length = 0;
    }
    list.push(text);
    length += text.length;
  }
  return [...lists, `[${list.join()}]`];
}

async function insertText(manager: EntityManager, saga: string, rows: string): Promise<void> {
  const value = (path: string): string => path.split('.').reduce((of, key) => `${of} -> '${key}'`, 'e.value');
  const text = (path: string): string => value(path).replace(/->(?=[^>]*$)/, '->>');
  const integer = (path: string): string => `cast(${text(path)} as bigint)`;
  const dialect = dialectOf(manager);
  await execute(
    manager.queryRunner!,
    `insert into leftfold_saga_commands (id, saga, stream, line, position, place, name, version, data, correlation_id, causation_id,
                                traceparent, custom, party, turn, state, due_at, schedule_key,
                                otherwise_id, otherwise_name, otherwise_version, otherwise_data)
     select ${text('id')}, cast(? as text), ${text('stream')}, ${text('line')}, ${integer('position')},
            ${integer('place')}, ${text('name')}, ${integer('version')}, ${text('data')}, ${text('correlationId')},
            ${text('causationId')}, ${text('traceparent')}, ${text('custom')}, ${text('party')}, ${integer('turn')}, ${text('state')}, ${integer('dueAt')}, ${text('key')},
            ${text('otherwise.id')}, ${text('otherwise.name')}, ${integer('otherwise.version')}, ${text('otherwise.data')}
       from ${dialect.jsonElements} e where true
     on conflict (id) do nothing`,
    [saga, rows],
  );
}

/** A command that a process has claimed can't be cancelled any more, even if it failed or its process crashed. */
async function cancel(manager: EntityManager, saga: string, keys: readonly string[]): Promise<void> {
  const dialect = dialectOf(manager);
  await execute(
    manager.queryRunner!,
    `delete from leftfold_saga_commands where saga = ? and state = 'scheduled' and claimed_by is null
        and ${dialect.isAnyOf('schedule_key')}`,
    [saga, dialect.list(keys)],
  );
}
