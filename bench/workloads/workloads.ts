import { APPENDS } from './appends.js';
import { IDLE } from './idle.js';
import { INVOICES } from './invoices.js';
import { LOADS } from './loads.js';
import { READ_MODELS } from './read-models.js';
import { REPLAY } from './replay.js';
import { SAGA } from './saga.js';
import { SEVERAL_PROCESSES } from './several-processes.js';
import type { Workload } from './workload.js';

export const WORKLOADS: readonly Workload[] = [
  ...APPENDS,
  LOADS,
  REPLAY,
  ...READ_MODELS,
  SAGA,
  IDLE,
  SEVERAL_PROCESSES,
  INVOICES,
];

/** @param only beginnings of ids; `W1` does not mean `W10` */
export function chosen(only: readonly string[], isQuick: boolean): Workload[] {
  return WORKLOADS.filter(({ id, onlyWhenNamed, notQuick }) =>
    only.length === 0
      ? !onlyWhenNamed && !(isQuick && notQuick)
      : only.some((name) => id === name || (id.startsWith(name) && !/\d/.test(id[name.length] ?? ''))),
  );
}
