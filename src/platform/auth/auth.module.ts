import { createSecretKey } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { Settings } from '../config/settings.js';
import { AccessTokens } from './access-tokens.js';
import { AuthGuard } from './auth.guard.js';
import { CurrentAccess } from './current-access.js';

const ALGORITHM = 'HS256';
const issuer = 'leftfold';
const audience = 'leftfold';

/** Authentication and authorization. A global module must provide an `AccessDirectory`. */
@Global()
@Module({
  imports: [
    JwtModule.registerAsync({
      inject: [Settings],
      useFactory: ({ jwtSecret }: Settings) => ({
        // Made once: of a text, the library would make a key for each token.
        secret: createSecretKey(Buffer.from(jwtSecret)),
        signOptions: { algorithm: ALGORITHM, issuer, audience },
        verifyOptions: { algorithms: [ALGORITHM], issuer, audience },
      }),
    }),
  ],
  providers: [AccessTokens, CurrentAccess, { provide: APP_GUARD, useClass: AuthGuard }],
  exports: [AccessTokens, CurrentAccess],
})
export class AuthModule {}
