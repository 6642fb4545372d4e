import { type DatabaseTarget, type NodeOptions, serverUrlOf } from '@leftfold/core';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

const NAME = 'LEFTFOLD_NODE_ID';
const LIMIT = 'PARTITIONS_PER_NODE';
/** Into so many partitions each subscription is divided. */
const PARTITIONS = 1_024;

/** What the kernel needs to know of this process, without its roles and its version. */
export type NodeSettings = Pick<NodeOptions, 'name' | 'partitions'>;

/** @throws SettingsError */
export function readNode(variables: Variables, events: DatabaseTarget): NodeSettings {
  const name = variables.text(NAME);
  if (name !== undefined && !/^[A-Za-z0-9._-]{1,100}$/.test(name)) {
    throw new SettingsError(
      NAME,
      `is ${JSON.stringify(name.slice(0, 120))}; set it to up to 100 letters, digits, dots, hyphens and underscores.`,
    );
  }
  const partitions = readLimit(variables, events);
  return { ...(name === undefined ? {} : { name }), ...(partitions === undefined ? {} : { partitions }) };
}

function readLimit(variables: Variables, events: DatabaseTarget): number | undefined {
  if (variables.text(LIMIT) === undefined) return undefined;
  if (serverUrlOf(events) === undefined) {
    throw new SettingsError(
      LIMIT,
      'is set, and the event log is in a SQLite file, where each subscription runs in one process; leave it out, or set DATABASE_URL to PostgreSQL.',
    );
  }
  return variables.integer(LIMIT, PARTITIONS, { min: 1, max: PARTITIONS });
}
