import { EventLog, MessageContext } from '@leftfold/core';
import type { CommandLine } from '@leftfold/operations/cli';
import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import type { Role } from '../../platform/auth/role.js';
import { GrantRoleCommand } from '../commands/grant-role/grant-role.command.js';
import { RevokeRoleCommand } from '../commands/revoke-role/revoke-role.command.js';
import { userIdOf } from './user-id-of.js';

type Change = 'grant' | 'revoke';

const COMMANDS = { grant: GrantRoleCommand, revoke: RevokeRoleCommand } as const;

interface RoleChanged {
  readonly userId: string;
  readonly role: Role;
  /** Position of the event; without a change, of the user's last one. */
  readonly position: number;
  readonly changed: boolean;
}

export async function changeRole(
  cli: CommandLine,
  change: Change,
  who: string,
  role: Role,
  json: boolean | undefined,
): Promise<void> {
  const outcome = await cli.open(async (app) => execute(app, change, await userIdOf(app, who), role));
  cli.output.answer(json, outcome, () => [sentence(change, who, outcome)]);
}

async function execute(app: INestApplicationContext, change: Change, userId: string, role: Role): Promise<RoleChanged> {
  const context = app.get(MessageContext);
  const correlationId = uuidv7();
  const position = await context.run({ actor: 'cli', correlationId }, async () => {
    await app.get(CommandBus).execute(new COMMANDS[change](userId, role));
    return context.outcome!.position;
  });
  const { events } = await app.get(EventLog).readAll({ after: position - 1, upTo: position, limit: 1 });
  return { userId, role, position, changed: events[0]?.correlationId === correlationId };
}

function sentence(change: Change, who: string, { userId, role, position, changed }: RoleChanged): string {
  const user = who === userId ? who : `${who} (${userId})`;
  if (!changed) {
    return `${user} ${change === 'grant' ? 'already has' : 'does not have'} the role ${role}: nothing was changed.`;
  }
  const done = change === 'grant' ? `Granted the role ${role} to` : `Revoked the role ${role} of`;
  return `${done} ${user}, at position ${position}. It takes effect with the next sign-in; earlier tokens are void.`;
}
