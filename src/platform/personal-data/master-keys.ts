import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { PersonalDataSettings } from '../config/personal-data-variables.js';
import { SettingsError } from '../config/settings.error.js';
import { KeyFile } from '../keys/key-file.js';

const MAKE = 'make a key with "openssl rand -base64 32"';

/**
 * The master keys of personal data. In development the application makes a missing file, and the log says so. A command uses
 * the keys of the application: one of its own could decrypt nothing.
 * @throws SettingsError
 */
export function masterKeys(
  { keys, keyFile, isMissing, mayMakeKey }: PersonalDataSettings,
  use: 'serving' | 'command-line',
): readonly string[] {
  if (isMissing) {
    const why = 'is missing in production, and there are events with personal fields';
    throw new SettingsError('PERSONAL_DATA_KEY', `${why}; ${MAKE}, and keep it apart from the database.`);
  }
  if (keys) return checked('PERSONAL_DATA_KEY', keys);
  const file = new KeyFile(keyFile, 'PERSONAL_DATA_KEY_FILE');
  const found = file.read();
  if (found) return checked('PERSONAL_DATA_KEY_FILE', found);
  if (use === 'command-line') {
    const why = `is not set, and there is no file ${keyFile}`;
    throw new SettingsError('PERSONAL_DATA_KEY', `${why}. Set it, or PERSONAL_DATA_KEY_FILE, as for the application.`);
  }
  if (!mayMakeKey) throw new SettingsError('PERSONAL_DATA_KEY_FILE', `names a file that is missing; ${MAKE}.`);
  return file.make(randomBytes(32).toString('base64'), () =>
    new Logger('Personal data').warn(
      `Made a master key for personal data, in ${keyFile}. Without it, that data can't be read any more. It is for ` +
        'development only; keep it out of version control.',
    ),
  );
}

function checked(variable: string, keys: readonly string[]): readonly string[] {
  const isKey = (key: string): boolean => /^[\w+/]{43}=?$/.test(key) && Buffer.from(key, 'base64').length === 32;
  if (keys.length > 0 && keys.every(isKey)) return keys;
  throw new SettingsError(variable, `needs 32 bytes in base64, or several with commas between them; ${MAKE}.`);
}
