import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FOLDERS = (process.env.PATH ?? '').split(delimiter);

/** Path of the program, if this machine has it. */
export const OPENSSL = FOLDERS.map((folder) => join(folder, 'openssl')).find(existsSync);

export const NO_OPENSSL = 'openssl is not installed; Debian has it in a package of that name.';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate and its key, as files in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority that nobody knows, valid for a day. */
export class Authority {
  private constructor(
    private readonly folder: string,
    /** Its certificate, as a file. */
    readonly file: string,
    /** Its certificate, as a text. */
    readonly text: string,
  ) {}

  /** @param folder for its files */
  static async make(folder: string): Promise<Authority> {
    const file = join(folder, 'ca.pem');
    await openssl(
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      join(folder, 'ca.key'),
      '-out',
      file,
      '-days',
      '1',
      '-subj',
      '/CN=ca',
    );
    return new Authority(folder, file, await readFile(file, 'utf8'));
  }

  /** @param names such as `IP:127.0.0.1` or `DNS:localhost` */
  async sign(name: string, names: string): Promise<Certificate> {
    const [key, cert, request, extensions] = ['key', 'pem', 'csr', 'ext'].map((end) =>
      join(this.folder, `${name}.${end}`),
    );
    await openssl('req', ...KEY, '-keyout', key!, '-out', request!, '-subj', `/CN=${name}`);
    await writeFile(extensions!, `subjectAltName=${names}`);
    const by = ['-CA', this.file, '-CAkey', join(this.folder, 'ca.key'), '-CAcreateserial'];
    await openssl('x509', '-req', '-in', request!, ...by, '-out', cert!, '-days', '1', '-extfile', extensions!);
    return { cert: cert!, key: key! };
  }
}

async function openssl(...parameters: readonly string[]): Promise<void> {
  await run(OPENSSL!, parameters);
}
