import { asJson, type CommandLine, oneOf } from '@leftfold/operations/cli';
import { Argument, type Command } from 'commander';
import { type Role, ROLES } from '../../platform/auth/role.js';
import { emailOrUserId } from './email-or-user-id.js';

const user = (): Argument =>
  new Argument('<user>', 'the e-mail address or the id of the user').argParser(emailOrUserId('<user>'));
const role = (): Argument => new Argument('<role>', `one of ${ROLES.join(', ')}`).argParser(oneOf('<role>', ROLES));

/** `users grant-role` and `users revoke-role`. */
export function userCommands(program: Command, cli: CommandLine): void {
  const users = program
    .command('users')
    .description('Grants and revokes roles of users; also makes the first operator.');

  users
    .command('grant-role')
    .description('Gives a user a role. The event names the command line as its actor.')
    .addArgument(user())
    .addArgument(role())
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold users grant-role ann@example.com operator')
    .action(async (who: string, role: Role, { json }: { json?: boolean }) =>
      (await import('./change-role.js')).changeRole(cli, 'grant', who, role, json),
    );

  users
    .command('revoke-role')
    .description('Takes a role away from a user. The last operator keeps the role.')
    .addArgument(user())
    .addArgument(role())
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold users revoke-role ann@example.com operator')
    .action(async (who: string, role: Role, { json }: { json?: boolean }) =>
      (await import('./change-role.js')).changeRole(cli, 'revoke', who, role, json),
    );
}
