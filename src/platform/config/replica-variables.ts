import { type DatabaseTarget, parseDatabaseUrl, serverUrlOf } from '@leftfold/core';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

const NAME = 'VIEWS_REPLICA_URLS';
const FORM = 'postgres://<user>:<password>@<host>:<port>/<database>, with commas between several';

/**
 * Replicas of the database of the read models. The text may hold passwords, so no error repeats it.
 * @throws SettingsError
 */
export function readReplicas(variables: Variables, views: DatabaseTarget): readonly DatabaseTarget[] {
  const urls = (variables.text(NAME) ?? '').split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
  const replicas = urls.map(parse);
  if (replicas.length > 0 && serverUrlOf(views) === undefined) {
    throw new SettingsError(
      NAME,
      'is set, and the read models are in a SQLite file, which has no replicas; set VIEWS_DATABASE_URL or DATABASE_URL to PostgreSQL.',
    );
  }
  return replicas;
}

function parse(url: string): DatabaseTarget {
  try {
    const target = parseDatabaseUrl(url);
    if (serverUrlOf(target) !== undefined) return target;
  } catch {
    // Said below; the reason would name SQLite files, too.
  }
  throw new SettingsError(NAME, `must be ${FORM}.`);
}
