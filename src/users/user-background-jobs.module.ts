import { Module } from '@nestjs/common';
import { CredentialSweep } from './credentials/credential-sweep.js';
import { FirstOperator } from './first-operator.js';
import { UsersModule } from './users.module.js';

/** Background jobs of the application. The command line leaves them out. */
@Module({ imports: [UsersModule], providers: [FirstOperator, CredentialSweep] })
export class UserBackgroundJobsModule {}
