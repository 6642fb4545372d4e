import fc from 'fast-check';
import { nameOf, type Route } from './operations.js';
import type { FuzzRequest } from './requests.js';

export const CALLERS = ['nobody', 'ann', 'operator'] as const;
export type FuzzCaller = (typeof CALLERS)[number];

/** A request with a wrong answer, reduced as far as the answer stays wrong. */
export interface Find {
  readonly caller: FuzzCaller;
  readonly request: FuzzRequest;
  readonly complaint: string;
  /** Path of fast-check to this request. */
  readonly path: string;
  /** The command that repeats it. */
  readonly again: string;
}

export interface Hunt {
  readonly route: Route;
  readonly requests: fc.Arbitrary<FuzzRequest>;
  readonly seed: number;
  readonly runs: number;
  /** Repeats only the requests of this path. */
  readonly path?: string | undefined;
}

/** @param judge sends the request, and returns what is wrong with the answer */
export async function hunt(
  { route, requests, seed, runs, path }: Hunt,
  judge: (caller: FuzzCaller, request: FuzzRequest) => Promise<string[]>,
): Promise<Find | undefined> {
  const property = fc.asyncProperty(fc.constantFrom(...CALLERS), requests, async (caller, request) => {
    const complaints = await judge(caller, request);
    if (complaints.length > 0) throw new Error(complaints.join('; '));
  });
  const only = path === undefined ? { numRuns: runs } : { path, numRuns: 1, endOnFailure: true };
  const found = await fc.check(property, { seed, ...only });
  if (!found.failed) return undefined;
  if (!found.counterexample) throw new Error(`No request was made: ${String(found.errorInstance)}`);
  const [caller, request] = found.counterexample;
  const way = found.counterexamplePath ?? '0';
  return {
    caller,
    request,
    complaint: (found.errorInstance as Error).message,
    path: way,
    again: `npm run fuzz -- --seed ${seed} --route '${nameOf(route)}' --path ${way}`,
  };
}

export function describeFind({ caller, request: { path, body, headers }, complaint, again }: Find): string {
  const sent = [path, JSON.stringify(headers), JSON.stringify(body)?.slice(0, 1_000)].filter((each) => each !== '{}');
  return `${caller}: ${sent.join(' ')}\n  ${complaint}\n  ${again}`;
}
