import type { EventSourcingOptions } from '@leftfold/core';
import type { ModuleMetadata } from '@nestjs/common';
import { CounterAlarm, CounterGreeter } from '../../../packages/core/test/counters/counter-alarm.js';
import { tallies, type TallyOptions } from '../../../packages/core/test/counters/tally-projection.js';
import type { KillPoint } from './kill-points.js';

/** What of the counters a node has beside the view. */
export interface Parts {
  /** The version of the tally, which counts each event so often; none when left out. */
  readonly tally?: number;
  /** Whether it has the alarm and the greeter; so when left out. */
  readonly effects?: boolean;
}

/** What a process of `counting-program.ts` is told. Times are in ms. */
export interface ProcessSettings extends Parts {
  readonly leaseTtl: number;
  readonly databaseLimits?: EventSourcingOptions['databaseLimits'];
  /** How often the alarm tries an event. */
  readonly attempts?: number;
  /** How often a process may die of one event; the usual number when left out. */
  readonly deaths?: { readonly view: number; readonly effect: number };
  /** How long the alarm takes for each event, and the tally for every tenth. */
  readonly pause?: number;
  /** Where the process kills itself, the nth time that it gets there. */
  readonly kill?: { readonly point: KillPoint; readonly nth: number };
  /** Counters that it raises without an end. */
  readonly raises?: readonly string[];
  /** The chance that a handler fails. */
  readonly failures?: number;
}

/** @param weigh what the tally counts an event as; its version when left out */
export function feature(
  { tally, effects = true }: Parts,
  weigh: TallyOptions['weigh'] = () => tally!,
): Required<Pick<ModuleMetadata, 'imports' | 'providers'>> {
  const { imports = [], providers = [] } = tally === undefined ? {} : tallies({ version: tally, weigh });
  return { imports, providers: [...providers, ...(effects ? [CounterAlarm, CounterGreeter] : [])] };
}
