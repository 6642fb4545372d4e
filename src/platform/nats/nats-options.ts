import { SetupError } from '@leftfold/core';
import { checkNatsLogin, type NatsLogin, type NatsOptions } from '@leftfold/nats';
import type { NatsSettings } from '../config/nats-variables.js';
import { SettingsError } from '../config/settings.error.js';
import { KeyFile } from '../keys/key-file.js';

/**
 * The options of `NatsModule`, with a login that was checked.
 * @throws SettingsError
 */
export async function natsOptions({ login, ...options }: NatsSettings): Promise<NatsOptions> {
  return login ? { ...options, login: await checked(login) } : options;
}

async function checked({ kind, variable, file }: NonNullable<NatsSettings['login']>): Promise<NatsLogin> {
  const keyFile = new KeyFile(file, variable);
  const read = (): string => {
    const text = keyFile.text();
    if (text === undefined) throw new SettingsError(variable, `names a file that is missing: ${file}`);
    return text;
  };
  try {
    await checkNatsLogin({ kind, read });
  } catch (error) {
    if (error instanceof SetupError)
      throw new SettingsError(variable, `names a file without a login. ${error.message}`);
    throw error;
  }
  return { kind, read };
}
