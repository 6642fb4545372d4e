import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PasswordCost } from './password-cost.js';

/** `Algorithm.Argon2id`: an ambient enum, which isolated modules can't name. */
const ARGON2ID = 2;
/** Lengths in bytes, as the library makes them. */
const SALT = 16;
const HASH = 32;

/**
 * Hashes passwords with Argon2id, after Unicode normalization. It is slow on purpose. The native library is loaded for the first
 * password: most processes that end soon, such as those of the command line, never need it.
 */
@Injectable()
export class PasswordHasher {
  constructor(private readonly cost: PasswordCost) {}

  async hash(password: string): Promise<string> {
    const { hash } = await import('@node-rs/argon2');
    const { memoryCost, timeCost, parallelism } = this.cost;
    return hash(password.normalize('NFKC'), { algorithm: ARGON2ID, memoryCost, timeCost, parallelism });
  }

  /** @param expected an earlier result of `hash` */
  async verify(expected: string, password: string): Promise<boolean> {
    const { verify } = await import('@node-rs/argon2');
    return verify(expected, password.normalize('NFKC'));
  }

  /** A hash that no password has. Making it takes no time; comparing a password with it takes as long as with any other. */
  decoy(): string {
    const { memoryCost, timeCost, parallelism } = this.cost;
    const part = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
    return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${part(SALT)}$${part(HASH)}`;
  }
}
