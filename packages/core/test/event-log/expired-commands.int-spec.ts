import { randomUUID } from 'node:crypto';
import { times } from '../../src/conformance/samples.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { type OpenLog, openLog } from './open-log.js';

const EXPIRED = 2_500;

describe.each(DATABASE_KINDS)('expired command ids on %s', (kind) => {
  let database: TestDatabase;
  let node: OpenLog;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
    node = await openLog(database.url);
    const row = (expiresAt: number): string => `('${randomUUID()}', 0, '{}', ${expiresAt}, 1)`;
    const rows = [...times(EXPIRED, () => row(1)), row(Date.now() + 3_600_000)];
    await node.database.write.statement(
      `insert into leftfold_commands (command_id, position, versions, expires_at, recorded_at) values ${rows.join(', ')}`,
      [],
    );
  });

  afterEach(async () => {
    await node.close();
    await database.drop();
  });

  const left = async (): Promise<number> => {
    const [row] = await node.database.read.query<{ count: number | string }[]>(
      'select count(*) as count from leftfold_commands',
    );
    return Number(row!.count);
  };

  it('are deleted a thousand at a time, so that nothing waits long, and no other is', async () => {
    const statement = jest.spyOn(node.database.write, 'statement');

    await node.log.forgetExpiredCommands();

    expect(statement).toHaveBeenCalledTimes(3);
    expect(await left()).toBe(1);
  });

  it('are left for the next time when the log closes meanwhile', async () => {
    const forgetting = node.log.forgetExpiredCommands();
    await node.log.close();

    await forgetting;

    expect(await left()).toBe(EXPIRED + 1 - 1_000);
  });
});
