import { type DatabaseTarget, parseDatabaseUrl } from '@leftfold/core';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

/** Reads the variable of a database. The text may hold a password, so no error repeats it. */
export function readDatabase(variables: Variables, name: string, fallback: string): DatabaseTarget;
export function readDatabase(variables: Variables, name: string): DatabaseTarget | undefined;
export function readDatabase(variables: Variables, name: string, fallback?: string): DatabaseTarget | undefined {
  const url = variables.text(name) ?? fallback;
  if (url === undefined) return undefined;
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    throw new SettingsError(name, (error as Error).message);
  }
}
