import type { DatabaseTarget } from '../database-url.js';
import type { Engine } from './engine.js';
import { PostgresEngine } from './postgres-engine.js';
import { SqliteEngine } from './sqlite-engine.js';

export function engineOf(target: DatabaseTarget): Engine {
  return target.kind === 'sqlite' ? new SqliteEngine(target.path) : new PostgresEngine(target.url);
}
