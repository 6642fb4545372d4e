import { ExpectedError, type RecordedEvent } from '../src/index.js';
import { NewerEventError } from '../src/event-log/event-serializer.js';
import { OutboxWorker } from '../src/sagas/outbox/outbox-worker.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { lettersOf, lowered, open, raise, settled } from './counters/counter-nodes.js';
import { LEVELLING, lowering, lowerIt, reaction } from './counters/counter-saga.js';
import { CounterFullError } from './counters/counter.js';
import { Levelling } from './counters/levelling.js';

class AwayError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
}

describe.each(DATABASE_KINDS)('the outbox of sagas, when commands fail, on %s', (kind) => {
  const here = Levelling.use(kind);

  it.each([
    ['a fault', () => new Error('disk on fire')],
    ['a reply that it is unavailable', () => new AwayError('Not now.')],
  ])(
    'holds back the later commands of a stream after %s and retries, while other streams continue',
    async (_what, fault) => {
      const [sick, well] = [await open(here.node), await open(here.node)];
      let broken = true;
      lowering.before = ({ counterId }) => {
        if (counterId === sick && broken) throw fault();
      };
      const first = await raise(here.node, sick, 1);
      await raise(here.node, sick, 2);
      await raise(here.node, well, 7);
      await eventually(async () => expect(await lowered(here.node, well)).toEqual([7]));
      const [letter] = await lettersOf(here.node, 1);
      expect(letter).toMatchObject({
        kind: 'command',
        subscription: LEVELLING,
        type: 'counters.lower-counter',
        stream: `counter-${sick}`,
        position: first,
        version: 2,
        attempts: 3,
        error: fault().message,
        waiting: 1,
      });
      expect(letter!.stack).toContain('saga-outbox-failures.int-spec');
      expect(letter!.lastFailedAt.getTime()).toBeGreaterThan(letter!.firstFailedAt.getTime());
      expect(await here.node.deadLetters.get(letter!.id)).toEqual(letter);

      await raise(here.node, sick, 3);
      await settled(here.node, { parked: 0 });
      // The command of the other stream may have taken effect, and not be settled yet.
      await eventually(async () =>
        expect((await here.nodes.outbox()).map(({ state }) => state)).toEqual(['dead', 'waiting', 'waiting']),
      );
      broken = false;
      await here.node.deadLetters.retry(letter!.id);
      await eventually(async () => expect(await lowered(here.node, sick)).toEqual([1, 2, 3]));
      await eventually(async () => expect(await here.nodes.outbox()).toEqual([]));
      await lettersOf(here.node, 0);
    },
  );

  it('counts no attempt of a node that is too old for a command, until it has failed for an hour', async () => {
    const id = await open(here.node);
    lowering.before = () => {
      throw new NewerEventError({ type: 'counters.raised', schemaVersion: 2, position: 1 } as RecordedEvent, 1);
    };
    await raise(here.node, id, 1);
    const tried = (attempts: number, tries: number) =>
      eventually(async () =>
        expect(await here.nodes.sql('select state, attempts, tries from leftfold_saga_commands')).toEqual([
          { state: 'retrying', attempts, tries },
        ]),
      );
    const makeDue = async (further = ''): Promise<void> => {
      await here.nodes.sql(`update leftfold_saga_commands set due_at = 1${further}`);
      here.node.get(OutboxWorker).check();
    };
    await tried(1, 0);
    await makeDue();
    await tried(2, 0);

    await makeDue(', first_failed_at = first_failed_at - 3600001');
    for (const tries of [1, 2, 3]) {
      await tried(2 + tries, tries);
      await makeDue();
    }
    const [letter] = await lettersOf(here.node, 1);
    expect(letter).toMatchObject({ attempts: 6, error: expect.stringContaining('Deploy the newer program') });

    lowering.before = () => undefined;
    await here.node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([1]));
  });

  it('makes a refused command a dead letter at once, and later commands continue', async () => {
    const id = await open(here.node);
    let full = true;
    let refusals = 0;
    lowering.before = ({ by }) => {
      if (by !== 1 || !full) return;
      refusals += 1;
      throw new CounterFullError('No room below.');
    };
    const first = await raise(here.node, id, 1);
    for (const by of [2, 3]) await raise(here.node, id, by);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([2, 3]));
    const [letter] = await lettersOf(here.node, 1);
    expect(letter).toMatchObject({
      kind: 'command',
      position: first,
      attempts: 1,
      error: 'No room below.',
      waiting: 0,
    });
    expect(refusals).toBe(1);

    await here.node.deadLetters.retry(letter!.id);
    await eventually(async () =>
      expect(await here.node.deadLetters.list(undefined, 10)).toMatchObject([{ id: letter!.id, attempts: 2 }]),
    );
    full = false;
    await here.node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([2, 3, 1]));
    await lettersOf(here.node, 0);
  });

  it('continues with later commands when a dead letter is discarded', async () => {
    const id = await open(here.node);
    lowering.before = ({ by }) => {
      if (by === 1) throw new Error('never');
    };
    for (const by of [1, 2]) await raise(here.node, id, by);
    const [letter] = await lettersOf(here.node, 1);
    expect(await lowered(here.node, id)).toEqual([]);
    await here.node.deadLetters.discard(letter!.id);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([2]));
    await expect(here.node.deadLetters.discard(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
    await expect(here.node.deadLetters.retry(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
  });

  it('lists dead events and dead commands together, in pages, in the order in which they became dead letters', async () => {
    const kinds = ['event', 'command', 'command', 'event'] as const;
    const ids: string[] = [];
    for (const [index, what] of kinds.entries()) {
      const id = await open(here.node);
      reaction.to =
        what === 'event'
          ? () => {
              throw new Error('no thought');
            }
          : lowerIt;
      lowering.before = () => {
        throw new Error('no deed');
      };
      await raise(here.node, id);
      ids.push(`counter-${id}`);
      await lettersOf(here.node, index + 1);
    }
    const pages: string[] = [];
    for (let after: string | undefined, page = 0; page < 4; page++) {
      const letters = await here.node.deadLetters.list(after, 1);
      expect(letters).toHaveLength(1);
      expect(letters[0]!.kind).toBe(kinds[page]);
      pages.push(letters[0]!.stream);
      after = letters[0]!.id;
    }
    expect(pages).toEqual(ids);
  });

  // The rest does not depend on the database.
  if (kind !== 'sqlite') return;

  it('retries by itself and keeps the order of a stream', async () => {
    const id = await open(here.node);
    const tries = new Map<number, number>();
    lowering.before = ({ by }) => {
      tries.set(by, (tries.get(by) ?? 0) + 1);
      if (tries.get(by)! < 3) throw new Error('not yet');
    };
    for (const by of [1, 2, 3]) await raise(here.node, id, by);
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([1, 2, 3]));
    expect([...tries.values()]).toEqual([3, 3, 3]);
    await eventually(async () => expect(await here.nodes.outbox()).toEqual([]));
  });

  it.each([
    ['of an unknown name', `name = 'counters.forgotten'`, /registered for the stored command "counters.forgotten"/],
    ['of a newer version', 'version = 2', /version 2 of "counters.lower-counter".*Deploy the newer program/],
  ])('leaves a command %s to another node, and makes it a dead letter in the end', async (_what, change, sentence) => {
    const takeAgain = here.claimingNothing();
    const id = await open(here.node);
    await raise(here.node, id);
    await settled(here.node);
    await here.nodes.sql(`update leftfold_saga_commands set ${change}`);
    takeAgain();
    await eventually(async () =>
      expect(await here.nodes.sql('select state, tries, error from leftfold_saga_commands')).toEqual([
        { state: 'retrying', tries: 0, error: expect.stringMatching(sentence) as string },
      ]),
    );
    await here.nodes.sql('update leftfold_saga_commands set first_failed_at = 1, tries = 3, due_at = 1');
    here.node.get(OutboxWorker).check();
    const [letter] = await lettersOf(here.node, 1);
    expect(letter).toMatchObject({ kind: 'command', error: expect.stringMatching(sentence) as string });
    expect(lowering.executions).toEqual([]);
  });
});
