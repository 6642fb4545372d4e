import type { CommandExecutor } from '../sagas/outbox/command-executor.js';
import type { Outbox } from '../sagas/outbox/outbox.js';
import type { Heartbeat } from './heartbeat.js';

/** Executes the command of one dead letter, independent of the outbox worker. */
export class CommandAttempt {
  constructor(
    private readonly outbox: Outbox,
    private readonly executor: CommandExecutor,
  ) {}

  /**
   * Makes one attempt at a command whose retry was requested.
   * @returns false when it is not due, or another process has claimed it; then nothing was done
   */
  async make(letterId: string, heartbeat: Heartbeat): Promise<boolean> {
    const { outbox, executor } = this;
    const command = await outbox.claimLetter(letterId);
    if (!command) return false;
    const renew = (): Promise<void> => outbox.renew([command.id]);
    await heartbeat.during(
      async () => {
        const outcome = await executor.execute(command);
        await outbox.settleAndClaim([{ command, outcome }], [], 0);
      },
      outbox.claimFor / 3,
      renew,
    );
    return true;
  }
}
