import { Injectable } from '@nestjs/common';

/** Cost of hashing a password with Argon2id, from OWASP's Password Storage Cheat Sheet. Tests use a cheaper one. */
@Injectable()
export class PasswordCost {
  /** In KiB. */
  readonly memoryCost: number = 19_456;
  /** Passes over the memory. */
  readonly timeCost: number = 2;
  /** Lanes. */
  readonly parallelism: number = 1;
}
