import {
  DatabaseUnusableError,
  isDatabaseAway,
  MissingMasterKeyError,
  NoEventLogError,
  SetupError,
} from '@leftfold/core';
import { SettingsError } from '../config/settings.error.js';
import type { Environment } from '../config/variables.js';

/** The variables that say an option of the kernel. */
const OPTIONS = {
  tablePrefix: 'The variable TABLE_PREFIX says that option; "none" stands for no prefix.',
  schema: 'The variable DATABASE_SCHEMA says that option.',
};

/** One sentence on what to do about it; nothing where it is a fault of ours. */
export function explainStartFailure(error: unknown, env: Environment = process.env): string | undefined {
  if (error instanceof SettingsError || error instanceof SetupError) return oneLine(error.message);
  if (error instanceof NoEventLogError) {
    return `${error.message} Start the application once, or set DATABASE_URL.`;
  }
  if (error instanceof DatabaseUnusableError) {
    const separate = error.database === 'views' && env.VIEWS_DATABASE_URL;
    const hint = error.option ? ` ${OPTIONS[error.option]}` : '';
    return oneLine(`${separate ? 'VIEWS_DATABASE_URL' : 'DATABASE_URL'}: ${error.message}${hint}`);
  }
  if (error instanceof MissingMasterKeyError) {
    return `PERSONAL_DATA_KEY_BEFORE lacks the master key ${error.master}, which wraps keys that are stored; set it to the former PERSONAL_DATA_KEY, or add that to the file of PERSONAL_DATA_KEY_FILE, below the new one.`;
  }
  return explainListening(error) ?? explainServerAway(error);
}

/** The databases were opened, and then the database or another server went away. */
function explainServerAway(error: unknown): string | undefined {
  if (!isDatabaseAway(error)) return undefined;
  const reason = (error as Error).message.replace(/\.$/, '');
  return oneLine(`A server went away: ${reason}. Try again when it answers.`);
}

function explainListening(error: unknown): string | undefined {
  const { code, syscall, port, address } = (error ?? {}) as {
    code?: string;
    syscall?: string;
    port?: number;
    address?: string;
  };
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} of ${address} is taken; stop the program that has it, or set PORT to another one (0 picks a free one).`;
    case 'EACCES':
      return `PORT ${port} may not be used by this user; set PORT to one from 1024 on.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `HOST is no address of this machine (${code}); set it to one, such as 127.0.0.1, or 0.0.0.0 for all of them.`;
    default:
      return undefined;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
