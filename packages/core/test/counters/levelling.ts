import { jest } from '@jest/globals';
import { Outbox } from '../../src/sagas/outbox/outbox.js';
import { OutboxWorker } from '../../src/sagas/outbox/outbox-worker.js';
import type { DatabaseKind } from '../support/databases.js';
import type { CounterNode } from './counter-node.js';
import { CounterNodes } from './counter-nodes.js';
import { LEVELLING_PROVIDERS, lowerIt, reaction } from './counter-saga.js';

/** One node for all tests of a block, with the saga that lowers each counter by what it was raised by. */
export class Levelling {
  nodes: CounterNodes;
  node: CounterNode;

  /** Adds the hooks of a block. Its fields can be used in hooks and tests. */
  static use(kind: DatabaseKind): Levelling {
    const levelling = new Levelling();
    beforeAll(async () => {
      levelling.nodes = await CounterNodes.prepare(kind, { providers: LEVELLING_PROVIDERS });
      levelling.node = await levelling.nodes.start();
    });
    beforeEach(() => {
      reaction.to = lowerIt;
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      await levelling.nodes.calm(levelling.node);
    });
    afterAll(() => levelling.nodes.drop());
    return levelling;
  }

  /** The node claims no command until the returned function is called. */
  claimingNothing(): () => void {
    const claiming = jest
      .spyOn(this.node.get(Outbox), 'settleAndClaim')
      .mockRejectedValue(new Error('The process is gone.'));
    return () => {
      claiming.mockRestore();
      this.node.get(OutboxWorker).check();
    };
  }

  async restart(): Promise<void> {
    await this.nodes.stop(this.node);
    jest.restoreAllMocks();
    this.node = await this.nodes.start();
  }
}
