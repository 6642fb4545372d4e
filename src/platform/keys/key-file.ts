import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Logger } from '@nestjs/common';
import { SettingsError } from '../config/settings.error.js';

/** Read or write access of every user. A group may read: that is how containers get their secrets. */
const EVERYBODY = 0o006;

/** A file with secret keys, one a line. */
export class KeyFile {
  private warned = false;

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
    return this.text()
      ?.split('\n')
      .flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  }

  /**
   * All of it; undefined when there is no file. Warns once when every user of the machine has access to it.
   * @throws SettingsError when it can't be read
   */
  text(): string | undefined {
    try {
      const text = readFileSync(this.path, 'utf8');
      this.warnIfOpen();
      return text;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new SettingsError(this.variable, `names a file that can't be read: ${(error as Error).message}`);
    }
  }

  /**
   * Makes the file with one key, readable by this user alone. It is there with its key or not at all, also for another
   * node that starts now and after a crash.
   * @param made called when it is this process that has made it
   * @returns what is in it: another node may have made it meanwhile
   * @throws SettingsError when it can't be made
   */
  make(key: string, made: () => void): string[] {
    const part = join(dirname(this.path), `.${basename(this.path)}.${randomUUID()}.part`);
    try {
      writeFileSync(part, `${key}\n`, { mode: 0o600, flag: 'wx', flush: true });
      linkSync(part, this.path);
    } catch (error) {
      const other = (error as NodeJS.ErrnoException).code === 'EEXIST' ? this.read() : undefined;
      if (other !== undefined) return other;
      const cause = (error as Error).message;
      throw new SettingsError(
        this.variable,
        `names a file that can't be made (${cause}); name one in a folder that is there and that this user may write to.`,
      );
    } finally {
      rmSync(part, { force: true });
    }
    made();
    return [key];
  }

  /** Windows has no such file modes. */
  private warnIfOpen(): void {
    if (this.warned || process.platform === 'win32') return;
    const mode = statSync(this.path).mode & 0o777;
    if ((mode & EVERYBODY) === 0) return;
    this.warned = true;
    new Logger('Files').warn(
      `The file of ${this.variable} is open to every user of this machine (mode ${mode.toString(8)}). Close it: chmod 600 ${this.path}`,
    );
  }
}
