import { MessageContext } from '@leftfold/core';
import type { CommandLine } from '@leftfold/operations/cli';
import type { ForgettingCertificate } from '@leftfold/proofs';
import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { ForgetUserCommand } from '../commands/forget-user/forget-user.command.js';
import { ForgottenUsers } from '../forgetting/forgotten-users.js';
import { userIdOf } from './user-id-of.js';

export async function forgetUser(cli: CommandLine, who: string, reason: string): Promise<void> {
  const { userId, certificate } = await cli.open((app) => forget(app, who, reason));
  if (certificate) {
    cli.output.line(JSON.stringify(certificate, null, 2));
    cli.output.note(`User ${userId} is forgotten. Keep the certificate outside of the log.`);
    return;
  }
  cli.output.note(
    `User ${userId} is forgotten, and there is no certificate yet: a node that runs subscriptions deletes the copies of the ` +
      'data, and signs. Run the command again when one runs.',
  );
  cli.fail();
}

async function forget(
  app: INestApplicationContext,
  who: string,
  reason: string,
): Promise<{ userId: string; certificate: ForgettingCertificate | undefined }> {
  const userId = await userIdOf(app, who);
  const context = app.get(MessageContext);
  const position = await context.run({ actor: 'cli', correlationId: uuidv7() }, async () => {
    await app.get(CommandBus).execute(new ForgetUserCommand(userId, { reason }, new Date()));
    return context.outcome!.position;
  });
  const certificate = await app.get(ForgottenUsers, { strict: false }).certificateOf(userId, position, 'cli');
  return { userId, certificate };
}
