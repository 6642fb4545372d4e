import type { Variables } from './variables.js';

/** Where the master keys of personal data are. */
export interface PersonalDataSettings {
  /** Undefined when they are in the file. The first one wraps, all unwrap. */
  readonly keys: readonly string[] | undefined;
  /** File with the master keys, one a line. It is made when it is missing, unless in production. */
  readonly keyFile: string;
  /** Whether neither of the two is set in production: then no event may have personal fields. */
  readonly isMissing: boolean;
  /** Whether a missing file is made. */
  readonly mayMakeKey: boolean;
}

const DEFAULT_FILE = './personal-data.key';

/** The keys are checked when they are needed: a log without personal fields needs none. */
export function readPersonalData(variables: Variables, environment: string): PersonalDataSettings {
  const text = variables.secret('PERSONAL_DATA_KEY');
  const before = variables.secret('PERSONAL_DATA_KEY_BEFORE');
  const file = variables.text('PERSONAL_DATA_KEY_FILE');
  const split = (keys = ''): string[] => keys.split(',').flatMap((key) => (key.trim() === '' ? [] : [key.trim()]));
  return {
    keys: text === undefined ? undefined : [...split(text), ...split(before)],
    keyFile: file ?? DEFAULT_FILE,
    isMissing: environment === 'production' && text === undefined && file === undefined,
    mayMakeKey: environment !== 'production',
  };
}
