import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Settings } from '../config/settings.js';
import { TokenInvalidError } from './auth.errors.js';

/** The claims of an access token. */
export interface TokenHolder {
  readonly userId: string;
  /** Version of the user at the sign-in. It is unique to the sign-in, so it names the session. */
  readonly version: number;
  /** Generation of the user's sessions when the token was issued. */
  readonly generation: number;
}

/** A verified token. */
export interface VerifiedToken extends TokenHolder {
  readonly expiresAt: Date;
}

export interface AccessToken {
  readonly accessToken: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

interface Claims {
  readonly sub: string;
  readonly version: number;
  readonly generation: number;
  readonly iat: number;
  readonly exp: number;
}

const SECOND = 1_000;

/** Issues and verifies access tokens. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly settings: Settings,
  ) {}

  issue({ userId, version, generation }: TokenHolder): AccessToken {
    const iat = Math.floor(Date.now() / SECOND);
    const exp = iat + Math.floor(this.settings.jwtTtl / SECOND);
    const claims: Claims = { sub: userId, version, generation, iat, exp };
    return { accessToken: this.jwt.sign(claims), expiresAt: new Date(exp * SECOND).toISOString() };
  }

  /** @throws TokenInvalidError */
  verify(token: string): VerifiedToken {
    const { sub, version, generation, exp } = this.claimsOf(token);
    return { userId: sub, version, generation, expiresAt: new Date(exp * SECOND) };
  }

  private claimsOf(token: string): Claims {
    let claims: unknown;
    try {
      claims = this.jwt.verify<object>(token);
    } catch {
      throw new TokenInvalidError();
    }
    if (isComplete(claims)) return claims;
    throw new TokenInvalidError();
  }
}

function isComplete(claims: unknown): claims is Claims {
  const { sub, version, generation, exp } = claims as Partial<Record<keyof Claims, unknown>>;
  const counted = Number.isSafeInteger(version) && Number.isSafeInteger(generation);
  return typeof sub === 'string' && counted && typeof exp === 'number';
}
