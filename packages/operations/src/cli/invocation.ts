import type { Writable } from 'node:stream';
import type { Interruption } from './interruption.js';

/** Standard output or standard error. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** One run of the program: what it was given, where it prints, and what may end it early. */
export interface Invocation {
  readonly args: readonly string[];
  /** That of the process, and the file `.env`, when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly interruption: Interruption;
}
