import type { PersonalDataSettings } from '../config/personal-data-variables.js';
import { masterKeys } from './master-keys.js';

/**
 * The secrets for hashes of request bodies: the master keys, because bodies hold what these protect in events. None when there is
 * no master key: then no event has personal fields.
 */
export function fingerprintSecrets(settings: PersonalDataSettings): readonly string[] {
  if (settings.isMissing) return [];
  // Nodes may write the same key in different ways.
  return masterKeys(settings, 'serving').map((key) => Buffer.from(key, 'base64').toString('base64'));
}
