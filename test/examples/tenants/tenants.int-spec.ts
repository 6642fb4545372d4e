import { EventLog } from '@leftfold/core';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../../support/databases.js';
import { ListNotesQuery, NotesModule, WriteNoteCommand } from './notes.js';
import { Tenants } from './tenants.js';

const TENANTS = ['acme', 'globex'] as const;
const ANN = { actor: 'ann', correlationId: 'a-request' };

describe.each(DATABASE_KINDS)('tenants with a log each in one process on %s', (kind) => {
  const databases = new Map<string, TestDatabase>();
  let tenants: Tenants;

  const opened = (): Tenants => new Tenants((tenant) => databases.get(tenant)?.url, [NotesModule]);

  beforeAll(async () => {
    for (const tenant of TENANTS) databases.set(tenant, await createTestDatabase(kind));
    tenants = opened();
  });

  afterAll(async () => {
    await tenants.close();
    for (const database of databases.values()) await database.drop();
  });

  const textsOf = async (tenant: string, minPosition: number): Promise<string[]> => {
    const notes = await tenants.ask(tenant, { ...ANN, minPosition }, new ListNotesQuery());
    return notes.map(({ text }) => text);
  };

  it('have the same ids, positions and tables, and see nothing of each other, also when requests overlap', async () => {
    const ids = ['1', '2', '3'];
    await Promise.all(
      ids.flatMap((id) =>
        TENANTS.map((tenant) => tenants.execute(tenant, ANN, new WriteNoteCommand(id, `${id} of ${tenant}`))),
      ),
    );

    for (const tenant of TENANTS) {
      expect(await textsOf(tenant, 3)).toEqual(ids.map((id) => `${id} of ${tenant}`));
      const log = (await tenants.of(tenant)).get(EventLog, { strict: false });
      const { events } = await log.readAll({ after: 0, limit: 10 });
      expect(events.map(({ position, actor }) => [position, actor])).toEqual([1, 2, 3].map((at) => [at, 'ann']));
      expect(events.map(({ data }) => data.text)).toEqual(expect.arrayContaining([`1 of ${tenant}`]));
    }
  });

  it('go on where they were after a restart', async () => {
    await tenants.close();
    tenants = opened();
    await tenants.execute('acme', ANN, new WriteNoteCommand('4', '4 of acme'));

    expect(await textsOf('acme', 4)).toHaveLength(4);
    expect(await textsOf('globex', 3)).toHaveLength(3);
  });

  it('are refused when they are unknown, and opened once they are known', async () => {
    await expect(tenants.ask('initech', ANN, new ListNotesQuery())).rejects.toThrow('There is no tenant "initech".');

    databases.set('initech', await createTestDatabase(kind));
    expect(await textsOf('initech', 0)).toEqual([]);
  });
});
