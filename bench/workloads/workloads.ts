import { APPENDS } from './appends.js';
import { GROWTH } from './growth.js';
import { GUARANTEES } from './guarantees.js';
import { HTTP } from './http.js';
import { IDLE } from './idle.js';
import { INVOICES } from './invoices.js';
import { LOADS } from './loads.js';
import { LOOK_UPS } from './look-ups.js';
import { READ_MODELS } from './read-models.js';
import { REPLAY } from './replay.js';
import { SAGA } from './saga.js';
import { SEALING } from './sealing.js';
import { SEVERAL_PROCESSES } from './several-processes.js';
import { SIZE } from './size.js';
import { START } from './start.js';
import type { Workload } from './workload.js';

export const WORKLOADS: readonly Workload[] = [
  ...APPENDS,
  LOADS,
  REPLAY,
  SIZE,
  ...READ_MODELS,
  SAGA,
  IDLE,
  HTTP,
  SEVERAL_PROCESSES,
  LOOK_UPS,
  GROWTH,
  INVOICES,
  START,
  SEALING,
  GUARANTEES,
];

/** @param only beginnings of ids; `W1` does not mean `W10` */
export function chosen(only: readonly string[], isQuick: boolean): Workload[] {
  return WORKLOADS.filter(({ id, onlyWhenNamed, isInQuick }) =>
    only.length === 0
      ? !onlyWhenNamed || (isQuick && isInQuick)
      : only.some((name) => id === name || (id.startsWith(name) && !/\d/.test(id[name.length] ?? ''))),
  );
}
