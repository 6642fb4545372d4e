import { Injectable } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import {
  AggregateRepository,
  DependencyAwayError,
  Inbox,
  type IncomingMessage,
  type MessageHandler,
  OneOffRuns,
  Retry,
  type UnderstoodMessage,
} from '../src/index.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, eventsOf, lettersOf, open } from './counters/counter-nodes.js';
import { Counter, RaiseCounterCommand } from './counters/counter.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';

const NAME = 'counters.raise-on-message';

/** What the message asks for, and a fault. */
interface Content {
  readonly id: string;
  readonly source?: string;
  readonly counterId?: string;
  readonly by?: number;
  readonly highest?: number;
}

/** Called when a command is made, and when it is executed. */
const faults = {
  inTranslation: (): void => undefined,
  inCommand: (): void => undefined,
  beforeCommand: (): Promise<void> => Promise.resolve(),
};

class RaiseOnMessageCommand {
  constructor(
    readonly counterId: string,
    readonly by: number,
    readonly highest: number | undefined,
  ) {}
}

@CommandHandler(RaiseOnMessageCommand)
class RaiseOnMessageHandler {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute({ counterId, by, highest }: RaiseOnMessageCommand): Promise<void> {
    faults.inCommand();
    await faults.beforeCommand();
    await this.aggregates.update(Counter, counterId, (counter) => counter.raise(by, highest));
  }
}

@Injectable()
// Three deaths, because an attempt at the same time, of another delivery, counts as one until it is over.
@Retry({ attempts: 2, deaths: 3, backoff: { first: 10, longest: 10 } })
class RaiseOnMessage implements MessageHandler {
  readonly name = NAME;

  constructor(private readonly inbox: Inbox) {}

  onModuleInit(): void {
    this.inbox.add(RaiseOnMessage, this);
  }

  read({ body }: { body: Uint8Array }): UnderstoodMessage {
    const content = JSON.parse(Buffer.from(body).toString()) as Content;
    const { id, source = '/billing', counterId, by = 1, highest } = content;
    return {
      id,
      source,
      type: 'billing.paid',
      data: content,
      toCommand: () => {
        faults.inTranslation();
        return counterId === undefined ? undefined : new RaiseOnMessageCommand(counterId, by, highest);
      },
    };
  }
}

let sequence = 0;

/** The message as the broker delivers it, at a new place in its stream. */
function message(content: Content | string, deliveries = 1): IncomingMessage {
  sequence += 1;
  return {
    stream: 'BILLING',
    sequence,
    storedAt: `${sequence}000`,
    deliveries,
    subject: 'billing.paid',
    body: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
  };
}

const again = (incoming: IncomingMessage): IncomingMessage => ({ ...incoming, deliveries: incoming.deliveries + 1 });

const DONE = { kind: 'done' };
const DEAD = expect.objectContaining({ kind: 'dead' }) as unknown;
const LATER = expect.objectContaining({ kind: 'again' }) as unknown;

describe.each(DATABASE_KINDS)('the inbox on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let counterId: string;
  let id = 0;

  const receive = (incoming: IncomingMessage, at = node) => at.get(Inbox).receive(NAME, incoming);
  const rows = () => nodes.sql('select * from leftfold_inbox_messages');
  const raised = async () => (await eventsOf(node, counterId)).slice(1);
  const about = (more: Partial<Content> = {}): Content => ({ id: String((id += 1)), counterId, ...more });

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [RaiseOnMessage, RaiseOnMessageHandler] });
    node = await nodes.start();
  });

  beforeEach(async () => {
    counterId = await open(node);
  });

  afterEach(async () => {
    Object.assign(faults, {
      inTranslation: () => undefined,
      inCommand: () => undefined,
      beforeCommand: () => Promise.resolve(),
    });
    await nodes.calm(node);
    await nodes.sql('delete from leftfold_inbox_messages');
  });

  afterAll(() => nodes.drop());

  it('executes a command once, however often the message is delivered and published', async () => {
    const other = await nodes.start();
    const content = about();
    const first = message(content);

    const receipts = await Promise.all([
      receive(first),
      receive(again(first), other),
      receive(message(content), other),
    ]);
    receipts.push(await receive(again(again(first))), await receive(message({ ...content, source: '/billing' })));

    expect(receipts).toEqual(receipts.map(() => DONE));
    const [event, ...more] = await raised();
    expect(more).toEqual([]);
    expect(event!.metadata).toMatchObject({ actor: `message:${NAME}`, causationId: content.id });
    expect(await rows()).toEqual([]);

    await receive(message({ ...content, source: '/shop' }));
    expect(await raised()).toHaveLength(2);
  });

  it('remembers a command that changed nothing, and needs nothing of a message that is ignored', async () => {
    const content = about({ by: 0 });

    await receive(message(content));
    await receive(message({ ...content, by: 5 }));

    expect(await receive(message(about({ counterId: undefined })))).toEqual(DONE);
    expect(await raised()).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('makes a refused command one dead letter, which is retried once the reason is gone', async () => {
    const content = about({ by: 3, highest: 2 });
    const first = message(content);
    expect(await receive(first)).toEqual({ kind: 'dead', reason: `${counterId} can't go beyond 2.` });
    expect([await receive(again(first)), await receive(message(content))]).toEqual([DEAD, DEAD]);

    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({
      kind: 'message',
      subscription: NAME,
      stream: 'BILLING',
      position: first.sequence,
      type: 'billing.paid',
      attempts: 1,
      error: `${counterId} can't go beyond 2.`,
      waiting: 0,
    });
    expect(await node.deadLetters.count()).toContainEqual({ subscription: NAME, kind: 'message', count: 1 });
    await node.commands.execute(new RaiseCounterCommand(counterId, -1));

    await node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await node.deadLetters.fate(letter!.id)).toBeUndefined());
    expect(await receive(again(first))).toEqual(DONE);
    expect((await raised()).map(({ data }) => data.by)).toEqual([-1, 3]);
    expect(await rows()).toEqual([]);
  });

  it.each<[string, () => IncomingMessage, () => void]>([
    ['is not understood', () => message('no JSON'), () => undefined],
    ['has no meaning here', () => message(about()), failing(new Error('no such thing'))],
  ])('makes a message that %s a dead letter at once, which stays discarded', async (_what, make, inTranslation) => {
    faults.inTranslation = inTranslation;
    const incoming = make();
    expect([await receive(incoming), await receive(again(incoming))]).toEqual([DEAD, DEAD]);
    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({ kind: 'message', attempts: 1 });

    await node.deadLetters.discard(letter!.id);
    faults.inTranslation = () => undefined;

    expect(await receive(again(incoming))).toEqual(DONE);
    expect(await node.deadLetters.list(undefined, 10)).toEqual([]);
    expect(await raised()).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'discarded', body: null }]);
  });

  it('asks for a message that fails again, and executes it once when the fault is over', async () => {
    const incoming = message(about());
    faults.inCommand = failing(new Error('a fault'));
    expect(await receive(incoming)).toEqual(LATER);
    expect(await node.deadLetters.list(undefined, 10)).toEqual([]);
    faults.inCommand = () => undefined;

    expect([await receive(again(incoming)), await receive(again(incoming))]).toEqual([DONE, DONE]);
    expect(await raised()).toHaveLength(1);
    expect(await rows()).toEqual([]);
  });

  it('makes a message a dead letter when its attempts are used up, and retries it as often again', async () => {
    const incoming = message(about());
    faults.inCommand = failing(new Error('a fault'));
    expect([await receive(incoming), await receive(again(incoming))]).toEqual([LATER, DEAD]);
    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({ attempts: 2, error: 'a fault' });

    await node.deadLetters.retry(letter!.id);
    await eventually(async () =>
      expect(await node.deadLetters.list(undefined, 10)).toMatchObject([{ id: letter!.id, attempts: 4 }]),
    );
    expect(await receive(again(incoming))).toEqual(DEAD);
  });

  it('counts no attempts while what the command needs is away', async () => {
    const incoming = message(about());
    faults.inCommand = failing(new DependencyAwayError('away'));
    for (let deliveries = 1; deliveries < 6; deliveries++) {
      expect(await receive({ ...incoming, deliveries })).toEqual(LATER);
    }
    expect(await node.deadLetters.list(undefined, 10)).toEqual([]);
    faults.inCommand = () => undefined;

    expect(await receive(again(incoming))).toEqual(DONE);
    expect(await raised()).toHaveLength(1);
  });

  it('gives a message up at which processes die, without another attempt', async () => {
    const incoming = message(about());
    const attempts: number[] = [];
    const dying = (deliveries: number) => {
      faults.inCommand = () => {
        attempts.push(deliveries);
        throw new Error('a fault');
      };
      return receive({ ...incoming, deliveries });
    };
    await dying(2);
    // As processes leave it that are killed during three attempts.
    await nodes.sql(`update leftfold_inbox_messages set failures = 0, error = null, tries = 3`);

    expect(await dying(3)).toEqual({
      kind: 'dead',
      reason:
        'The process died 3 times while it handled this message, or was blocked for longer than the broker waits.',
    });
    expect(attempts).toEqual([2]);
  });

  it('tries messages at which processes died one at a time, so that the one at fault takes no others with it', async () => {
    const incoming = [message(about()), message(about()), message(about())];
    faults.inCommand = failing(new Error('a fault'));
    for (const each of incoming) await receive(each);
    await nodes.sql(`update leftfold_inbox_messages set failures = 0, error = null`);
    const tries: number[] = [];
    faults.inCommand = () => undefined;
    faults.beforeCommand = async () => {
      const recorded = await nodes.sql('select id from leftfold_inbox_messages where tries > 1');
      tries.push(recorded.length);
    };

    await Promise.all(incoming.map((each) => receive(again(each))));

    // Only the message that is tried has an attempt recorded.
    expect(tries).toEqual([1, 1, 1]);
    expect(await raised()).toHaveLength(3);
  });

  it('retries a dead letter without a serving node, which the command line does', async () => {
    const incoming = message(about({ by: 3, highest: 2 }));
    await receive(incoming);
    const [letter] = await lettersOf(node, 1);
    await nodes.stopAll();
    const visitor = await nodes.start({ oneOff: true, runSubscriptions: false });

    expect(await visitor.get(OneOffRuns).retry(letter!.id)).toBe(false);
    await visitor.deadLetters.retry(letter!.id);
    expect(await visitor.deadLetters.fate(letter!.id)).toMatchObject({
      kind: 'message',
      state: 'retrying',
      isDue: true,
    });
    expect(await visitor.get(OneOffRuns).retry(letter!.id)).toBe(true);
    expect(await visitor.deadLetters.fate(letter!.id)).toMatchObject({ state: 'dead', attempts: 2 });

    await nodes.stopAll();
    node = await nodes.start({}, {});
    await expect(node.deadLetters.retry(letter!.id)).rejects.toMatchObject({ code: 'subscription-gone' });
    await nodes.stopAll();
    node = await nodes.start();
  });
});

function failing(error: Error): () => void {
  return () => {
    throw error;
  };
}
