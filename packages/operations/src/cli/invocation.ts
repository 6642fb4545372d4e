import type { Writable } from 'node:stream';
import type { Interruption } from './interruption.js';

/** Standard output or standard error. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** One run of the program: its arguments, its output streams, and what may end it early. */
export interface Invocation {
  readonly args: readonly string[];
  /** Default: the environment of the process, and the file `.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly interruption: Interruption;
}
