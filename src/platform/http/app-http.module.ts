import { HttpModule } from '@leftfold/http';
import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { fingerprintSecrets } from '../personal-data/fingerprint-secrets.js';
import { RootController } from './root.controller.js';

/** How this application reads requests and answers them. */
@Module({
  imports: [
    HttpModule.forRootAsync({
      inject: [Settings],
      useFactory: ({ idempotencyTtl, personalData }: Settings) => ({
        idempotencyTtl,
        fingerprintSecrets: () => fingerprintSecrets(personalData),
      }),
    }),
  ],
  controllers: [RootController],
})
export class AppHttpModule {}
