import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { PasswordCost } from './password-cost.js';

/** `Algorithm.Argon2id`: an ambient enum, which isolated modules can't name. */
const ARGON2ID = 2;

/** Hashes passwords with Argon2id, after Unicode normalization. It is slow on purpose. */
@Injectable()
export class PasswordHasher {
  constructor(private readonly cost: PasswordCost) {}

  hash(password: string): Promise<string> {
    const { memoryCost, timeCost, parallelism } = this.cost;
    return hash(password.normalize('NFKC'), { algorithm: ARGON2ID, memoryCost, timeCost, parallelism });
  }

  /** @param expected an earlier result of `hash` */
  verify(expected: string, password: string): Promise<boolean> {
    return verify(expected, password.normalize('NFKC'));
  }
}
