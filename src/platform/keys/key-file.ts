import { readFileSync, writeFileSync } from 'node:fs';
import { SettingsError } from '../config/settings.error.js';

/** A file with secret keys, one a line. */
export class KeyFile {
  /** @param variable the setting that names the file */
  constructor(
    private readonly path: string,
    private readonly variable: string,
  ) {}

  /**
   * The keys; undefined when there is no file.
   * @throws SettingsError when it can't be read
   */
  read(): string[] | undefined {
    try {
      const lines = readFileSync(this.path, 'utf8').split('\n');
      return lines.flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new SettingsError(this.variable, `names a file that can't be read: ${(error as Error).message}`);
    }
  }

  /**
   * Makes the file with one key, readable by this user alone.
   * @param made called when it is this process that has made it
   * @returns what is in it: another node may have made it meanwhile
   */
  make(key: string, made: () => void): string[] {
    try {
      writeFileSync(this.path, `${key}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      const other = (error as NodeJS.ErrnoException).code === 'EEXIST' ? this.read() : undefined;
      if (other !== undefined) return other;
      throw error;
    }
    made();
    return [key];
  }
}
