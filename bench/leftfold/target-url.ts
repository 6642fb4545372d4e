import { join } from 'node:path';
import type { Target } from '../contract.js';

/** URL of the event log. */
export function urlOf({ engine, folder, url }: Target): string {
  return engine === 'sqlite' ? `sqlite:${join(folder, 'events.sqlite')}` : url;
}
