import { Module } from '@nestjs/common';
import { CredentialSweep } from './credentials/credential-sweep.js';
import { FirstOperator } from './first-operator.js';
import { UsersModule } from './users.module.js';

/** What the application does by itself, at start and while it serves. A command line leaves it out. */
@Module({ imports: [UsersModule], providers: [FirstOperator, CredentialSweep] })
export class UserChoresModule {}
