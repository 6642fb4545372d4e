import type { EventSourcingOptions } from '@leftfold/core';
import type { ModuleMetadata } from '@nestjs/common';
import { CounterAlarm, CounterGreeter } from '../../counters/counter-alarm.js';
import { tallies, type TallyOptions } from '../../counters/tally-projection.js';
import type { HandoverPoint, KillPoint } from './kill-points.js';

/** The optional subscriptions of a node, beside the view. */
export interface Parts {
  /** The version of the tally, which counts each event that many times; no tally when left out. */
  readonly tally?: number;
  /** Whether it has the alarm and the greeter. Default: true. */
  readonly effects?: boolean;
}

/** Settings of a process of `counting-program.ts`. Times are in ms. */
export interface ProcessSettings extends Parts {
  readonly leaseTtl: number;
  readonly databaseLimits?: EventSourcingOptions['databaseLimits'];
  /** Attempts of the alarm for an event. */
  readonly attempts?: number;
  /** Deaths that one event may cause. Default: the kernel's. */
  readonly deaths?: { readonly view: number; readonly effect: number };
  /** How long the alarm takes for each event, and the tally for every tenth. */
  readonly pause?: number;
  /** The point at which the process kills itself, at the nth time. */
  readonly kill?: { readonly point: KillPoint; readonly nth: number };
  /** Signals that the process sends itself, each at the first time that it reaches a point. */
  readonly signals?: readonly { readonly point: HandoverPoint; readonly signal: NodeJS.Signals }[];
  /** Counters that it raises endlessly. */
  readonly raises?: readonly string[];
  /** Whether nodes share the alarm. */
  readonly shared?: boolean;
  /** How far the clock of the process is ahead; negative when it is behind. */
  readonly clockShift?: number;
  /** The probability that a handler fails. */
  readonly failures?: number;
}

/** @param weigh how many times the tally counts an event; default: its version */
export function feature(
  { tally, effects = true }: Parts,
  weigh: TallyOptions['weigh'] = () => tally!,
): Required<Pick<ModuleMetadata, 'imports' | 'providers'>> {
  const { imports = [], providers = [] } = tally === undefined ? {} : tallies({ version: tally, weigh });
  return { imports, providers: [...providers, ...(effects ? [CounterAlarm, CounterGreeter] : [])] };
}
