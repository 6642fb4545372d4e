import { jest } from '@jest/globals';
import { Outbox } from '../src/sagas/outbox/outbox.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { lettersOf, lowered, open, pause, raise, settled } from './counters/counter-nodes.js';
import { LEVELLING, lowering } from './counters/counter-saga.js';
import { Levelling } from './counters/levelling.js';

describe.each(DATABASE_KINDS)('the outbox of sagas, when processes end, on %s', (kind) => {
  const here = Levelling.use(kind);

  it('keeps unexecuted commands over a restart', async () => {
    here.claimingNothing();
    const id = await open(here.node);
    await raise(here.node, id, 3);
    await settled(here.node);
    expect(await here.nodes.outbox()).toMatchObject([
      { saga: LEVELLING, stream: `counter-${id}`, name: 'counters.lower-counter', state: 'ready', attempts: 0 },
    ]);
    expect(lowering.executions).toEqual([]);

    await here.restart();
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([3]));
    await eventually(async () => expect(await here.nodes.outbox()).toEqual([]));
    expect(lowering.executions).toHaveLength(1);
  });

  it('executes a command again after its process crashed, and the command takes effect once', async () => {
    const outbox = here.node.get(Outbox);
    const settleAndClaim = outbox.settleAndClaim.bind(outbox);
    const dying = jest
      .spyOn(outbox, 'settleAndClaim')
      .mockImplementation((settlements, ...rest) =>
        settlements.length > 0
          ? Promise.reject(new Error('The process is gone.'))
          : settleAndClaim(settlements, ...rest),
      );
    const id = await open(here.node);
    await raise(here.node, id, 3);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([3]));
    await eventually(() => expect(dying.mock.calls.some(([settlements]) => settlements.length > 0)).toBe(true));
    await here.nodes.stop(here.node);
    expect(await here.nodes.outbox()).toMatchObject([{ state: 'ready', attempts: 1 }]);
    // Makes its claim expire.
    await here.nodes.sql('update leftfold_saga_commands set due_at = 0');

    here.node = await here.nodes.start();
    await eventually(async () => expect(await here.nodes.outbox()).toEqual([]));
    expect(lowering.executions).toHaveLength(2);
    const [once, again] = lowering.executions;
    expect(again!.commandId).toBe(once!.commandId);
    expect(again!.handler).not.toBe(once!.handler);
    expect(await lowered(here.node, id)).toEqual([3]);
  });

  it('stores one effect when an event is handled again, whether its command was executed or not', async () => {
    const takeAgain = here.claimingNothing();
    const id = await open(here.node);
    await settled(here.node);
    const { position } = await here.node.status(LEVELLING);
    const handleAgain = async (): Promise<void> => {
      await pause(here.node, LEVELLING);
      await here.nodes.sql(
        `update leftfold_subscriptions set position = ${position}, event_id = null where name = '${LEVELLING}'`,
      );
      await here.node.subscriptions.resume(LEVELLING);
      await settled(here.node, { state: 'live' });
    };
    await raise(here.node, id, 3);
    await settled(here.node);

    await handleAgain();
    expect(await here.nodes.outbox()).toHaveLength(1);
    takeAgain();
    await raise(here.node, id, 4);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([3, 4]));
    // A command that is still in the outbox would not be added again.
    await eventually(async () => expect(await here.nodes.outbox()).toEqual([]));

    await handleAgain();
    await eventually(() => expect(lowering.executions.map(({ by }) => by)).toEqual([3, 4, 3, 4]));
    await eventually(async () => expect(await here.nodes.outbox()).toEqual([]));
    expect(await lowered(here.node, id)).toEqual([3, 4]);
  });

  it('stores no command of an event whose checkpoint did not move', async () => {
    const outbox = here.node.get(Outbox);
    const add = outbox.add.bind(outbox);
    const failing = jest.spyOn(outbox, 'add').mockImplementation(async (...all) => {
      await add(...all);
      throw new Error('The disk is full.');
    });
    const id = await open(here.node);
    const position = await raise(here.node, id, 3);
    await eventually(async () => expect(await here.node.status(LEVELLING)).toMatchObject({ state: 'stopped' }));
    const status = await here.node.status(LEVELLING);
    expect(status).toMatchObject({ lastError: expect.stringContaining('The disk is full.') as string });
    expect(status.position).toBeLessThan(position);
    expect(await here.nodes.outbox()).toEqual([]);

    failing.mockRestore();
    await here.node.subscriptions.resume(LEVELLING);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([3]));
  });

  it('makes a command a dead letter after several processes crashed on it', async () => {
    const takeAgain = here.claimingNothing();
    const id = await open(here.node);
    await raise(here.node, id);
    await settled(here.node);
    await here.nodes.sql(
      `update leftfold_saga_commands set claimed_by = 'a dead process', tries = 3, deaths = 2, attempts = 3`,
    );
    takeAgain();
    const [letter] = await lettersOf(here.node, 1);
    expect(letter!.error).toBe(
      'The process died 3 times while it executed this command, or was blocked for longer than its lease.',
    );
    await here.node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([1]));
  });

  // The rest does not depend on the database.
  if (kind !== 'sqlite') return;

  it('continues after the database was away', async () => {
    jest
      .spyOn(here.node.get(Outbox), 'settleAndClaim')
      .mockRejectedValueOnce(new Error('connection refused'))
      .mockRejectedValueOnce(new Error('connection refused'));
    const id = await open(here.node);
    await raise(here.node, id, 3);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([3]));
    await eventually(async () => expect(await here.nodes.outbox()).toEqual([]));
  });
});
