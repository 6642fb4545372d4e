import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Retry } from '@leftfold/core';
import { CommandHandler, type ICommand } from '@nestjs/cqrs';
import { AggregateRepository, MessageHandlers } from '../../core/src/index.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes, eventsOf, gate, lettersOf, open } from '../../core/test/counters/counter-nodes.js';
import { Counter } from '../../core/test/counters/counter.js';
import { eventually } from '../../core/test/support/eventually.js';
import { describeIf } from '../../core/test/support/skipping.js';
import { type CloudEvent, IntegrationEventHandler, NatsModule } from '../src/index.js';
import { NATS_SERVER, NatsServer, NO_NATS_SERVER } from './support/nats-server.js';
import { consumerOf, dropStream, makeStream, publish, signsOfLife } from './support/publish.js';

class PayCommand {
  constructor(
    readonly counterId: string,
    readonly by: number,
  ) {}
}

/** Called before each command. */
const payment: { before: (command: PayCommand) => unknown } = { before: () => undefined };

@CommandHandler(PayCommand)
class PayHandler {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute(command: PayCommand): Promise<void> {
    await payment.before(command);
    await this.aggregates.update(Counter, command.counterId, (counter) => counter.raise(command.by, 1_000));
  }
}

function payCommandOf({ data }: CloudEvent): ICommand {
  const { counterId, by } = data as { counterId: string; by: number };
  if (typeof counterId !== 'string') throw new Error('The payment names no counter.');
  return new PayCommand(counterId, by);
}

@Retry({ attempts: 3, backoff: { first: 20, longest: 20 } })
@IntegrationEventHandler('billing.paid', { name: 'counters.pay', ackWait: 4_500 })
class PayOnMessage {
  toCommand(event: CloudEvent): ICommand {
    return payCommandOf(event);
  }
}

@Retry({ attempts: 3, backoff: { first: 20, longest: 20 } })
@IntegrationEventHandler('billing.ordered', { name: 'counters.pay-in-order', concurrency: 1 })
class PayInOrder {
  toCommand(event: CloudEvent): ICommand {
    return payCommandOf(event);
  }
}

const CONSUMER = 'leftfold_counters_pay';

/** The inbox is the same on every database, and is proved in packages/core/test/inbox.int-spec.ts. */
describeIf(NATS_SERVER, NO_NATS_SERVER)('messages of NATS', () => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let server: NatsServer;
  let counterId: string;
  let number = 0;

  const features = () => ({
    imports: [NatsModule.forRoot({ servers: server.url, timeout: 1_000, backoff: { first: 10, longest: 50 } })],
    providers: [PayHandler, PayOnMessage, PayInOrder],
  });
  const event = (by: number, id = `m-${(number += 1)}`) => ({
    specversion: '1.0',
    id,
    source: '/billing',
    type: 'billing.paid',
    data: { counterId, by },
  });
  const raised = async (): Promise<unknown[]> =>
    (await eventsOf(node, counterId)).slice(1).map(({ data }) => (data as { by: unknown }).by);
  const allAnswered = () =>
    eventually(async () => {
      expect(await consumerOf(server.url, 'BILLING', CONSUMER)).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
    });

  beforeAll(async () => {
    nodes = await CounterNodes.prepare('sqlite');
    const folder = join(nodes.database.folder, 'nats');
    await mkdir(folder);
    server = await NatsServer.start(folder);
    node = await nodes.start({}, features());
  });

  beforeEach(async () => {
    counterId = await open(node);
  });

  afterEach(() => {
    payment.before = () => undefined;
  });

  afterAll(async () => {
    await nodes.drop();
    await server.kill();
  });

  it('are taken from a stream that was made after the start, none left out', async () => {
    await makeStream(server.url, 'BILLING', 'billing.*');
    await publish(server.url, 'billing.paid', event(1), event(2));

    await eventually(async () => expect(new Set(await raised())).toEqual(new Set([1, 2])));
    await allAnswered();
  });

  it('take effect once when they are published again, also on two nodes', async () => {
    const other = await nodes.start({}, features());
    const events = Array.from({ length: 20 }, (_, index) => event(index));

    await publish(server.url, 'billing.paid', ...events, ...events.toReversed());

    // A raise by 0 changes nothing.
    await eventually(async () => expect(await raised()).toHaveLength(19));
    await allAnswered();
    expect(await raised()).toHaveLength(19);
    expect(new Set(await raised())).toEqual(new Set(events.slice(1).map(({ data }) => data.by)));
    await nodes.stop(other);
  });

  it('are handled again, and take effect once, when the acknowledgement was lost with the broker', async () => {
    const held = gate();
    const calls: PayCommand[] = [];
    payment.before = (command) => {
      calls.push(command);
      return held.opened;
    };
    await publish(server.url, 'billing.paid', event(7));
    await eventually(() => expect(calls).toHaveLength(1));
    await server.kill();
    held.open();
    await eventually(async () => expect(await raised()).toEqual([7]));
    await server.start();

    await eventually(() => expect(calls.length).toBeGreaterThan(1));
    await allAnswered();
    expect(await raised()).toEqual([7]);
  });

  it('are delivered again after a failure', async () => {
    let failures = 0;
    payment.before = () => {
      if (failures++ < 2) throw new Error('a fault');
    };
    await publish(server.url, 'billing.paid', event(3));

    await eventually(async () => expect(await raised()).toEqual([3]));
    await allAnswered();
  });

  it('become dead letters when they are refused, not understood or mean nothing, and are not delivered again', async () => {
    const nothing = { ...event(1), data: {} };
    await publish(server.url, 'billing.paid', event(2_000), 'no JSON', nothing);

    const letters = await lettersOf(node, 3);
    await allAnswered();
    expect(letters.map(({ error }) => error).toSorted()).toEqual([
      `${counterId} can't go beyond 1000.`,
      'The message is no CloudEvent 1.0 in JSON, structured mode: it is no JSON.',
      'The payment names no counter.',
    ]);
    expect(letters).toEqual(
      letters.map(
        (letter) =>
          expect.objectContaining({
            kind: 'message',
            subscription: 'counters.pay',
            stream: 'BILLING',
          }) as typeof letter,
      ),
    );
    const types = new Set(letters.map(({ type }) => type));
    expect(types).toEqual(new Set(['billing.paid']));
    for (const { id } of letters) await node.deadLetters.discard(id);
  });

  it('are handled in order, over all nodes, by a handler of one at a time', async () => {
    const other = await nodes.start({}, features());
    let failures = 0;
    payment.before = ({ by }) => {
      if (by === 3 && failures++ === 0) throw new Error('a fault');
    };
    const amounts = Array.from({ length: 12 }, (_, index) => index + 1);

    await publish(server.url, 'billing.ordered', ...amounts.map((by) => event(by)));

    await eventually(async () => expect(await raised()).toHaveLength(amounts.length));
    expect(await raised()).toEqual(amounts);
    await nodes.stop(other);
  });

  it('are not delivered again while a command takes longer than a process may be silent', async () => {
    const held = gate();
    const calls: PayCommand[] = [];
    payment.before = (command) => {
      calls.push(command);
      return held.opened;
    };
    // As long as four thirds of that time.
    const inProgress = signsOfLife(server.url, CONSUMER, 4);
    await publish(server.url, 'billing.paid', event(6));
    await inProgress;
    held.open();

    await allAnswered();
    expect(await raised()).toEqual([6]);
    expect(calls).toHaveLength(1);
  });

  it('are counted, and the reason is known when none arrive', async () => {
    // A broker that a busy machine stops for longer than the time limit counts as away.
    await eventually(async () => {
      const [, handler] = await node.get(MessageHandlers).runHere();
      expect(handler).toEqual({
        name: 'counters.pay-in-order',
        from: 'billing.ordered',
        state: 'live',
        isRunHere: true,
        problem: null,
        error: null,
        waiting: 0,
        unacknowledged: 0,
      });
    });

    await dropStream(server.url, 'BILLING');
    await eventually(async () => {
      expect(await node.get(MessageHandlers).runHere()).toEqual(
        ['billing.paid', 'billing.ordered'].map((subject) =>
          expect.objectContaining({
            from: subject,
            state: 'stopped',
            problem: 'missing',
            error: `No stream of JetStream takes the subject ${subject}.`,
          }),
        ),
      );
    });

    await server.kill();
    await eventually(async () => {
      const [broken] = await node.get(MessageHandlers).runHere();
      expect(broken).toMatchObject({ state: 'stopped', problem: 'away', waiting: null });
    });

    await server.start();
    await makeStream(server.url, 'BILLING', 'billing.*');
    await publish(server.url, 'billing.paid', event(5));
    await eventually(async () => {
      expect((await node.get(MessageHandlers).list()).map(({ state }) => state)).toEqual(['live', 'live']);
    });
    await allAnswered();
    expect(await raised()).toEqual([5]);
  });

  it('that are being handled at a shutdown are finished and acknowledged', async () => {
    const held = gate();
    const began = gate();
    payment.before = () => {
      began.open();
      return held.opened;
    };
    await publish(server.url, 'billing.paid', event(4));
    await began.opened;
    const stopped = nodes.stop(node);
    held.open();
    await stopped;

    await allAnswered();
    expect(await consumerOf(server.url, 'BILLING', CONSUMER)).toMatchObject({ num_redelivered: 0 });
    node = await nodes.start({}, features());
    expect(await raised()).toEqual([4]);
  });
});
