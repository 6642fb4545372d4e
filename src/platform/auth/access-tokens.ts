import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Settings } from '../config/settings.js';
import { TokenInvalidError } from './auth.errors.js';
import { isRole, type Role } from './role.js';

/** What a token says about the person who carries it. */
export interface TokenHolder {
  readonly userId: string;
  readonly roles: readonly Role[];
  /** Version of the user when the token was issued. */
  readonly version: number;
}

/** A token that was checked. */
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
  readonly roles: readonly Role[];
  readonly version: number;
  readonly iat: number;
  readonly exp: number;
}

const SECOND = 1_000;

/** Issues and checks the tokens with which people show that they have signed in. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly settings: Settings,
  ) {}

  issue({ userId, roles, version }: TokenHolder): AccessToken {
    const iat = Math.floor(Date.now() / SECOND);
    const exp = iat + Math.floor(this.settings.jwtTtl / SECOND);
    const claims: Claims = { sub: userId, roles: [...roles], version, iat, exp };
    return { accessToken: this.jwt.sign(claims), expiresAt: new Date(exp * SECOND).toISOString() };
  }

  /** @throws TokenInvalidError */
  verify(token: string): VerifiedToken {
    const { sub, roles, version, exp } = this.claimsOf(token);
    return { userId: sub, roles, version, expiresAt: new Date(exp * SECOND) };
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
  const { sub, roles, version, exp } = claims as Partial<Record<keyof Claims, unknown>>;
  const known = Array.isArray(roles) && roles.every(isRole);
  return typeof sub === 'string' && known && Number.isSafeInteger(version) && typeof exp === 'number';
}
