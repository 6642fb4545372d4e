import { PARTITIONS, partitionOf } from '../../src/event-log/partition.js';
import { seededRandom } from '../../src/testing/random.js';
import { RULES, type Rules, SimulatedDatabase } from './simulated-database.js';
import { CALM, SimulatedNetwork } from './simulated-network.js';
import { SimulatedNode } from './simulated-node.js';
import { SimulatedTime } from './simulated-time.js';

const LEASE = 3_000;
/** A request without a reply has failed after this time, in ms. In bad weather it may still arrive after that. */
const TIMEOUT = 1_500;
/** How long faults happen, in ms. */
const STORM = 30_000;
/**
 * The longest that a range has no owner after the last fault, in ms: the lease of a node that crashed, a heartbeat and a
 * request of which the reply was lost, and the steps of one handover.
 */
const BOUND = LEASE + LEASE / 3 + TIMEOUT + 1_000;
const STREAMS = 24;

/** One run: nodes come, go, freeze and crash while events are appended; then the weather clears. */
export class Simulation {
  private readonly time = new SimulatedTime();
  private readonly random: () => number;
  private readonly database: SimulatedDatabase;
  private readonly network: SimulatedNetwork;
  private nodes: SimulatedNode[] = [];
  private count = 0;

  constructor(seed: number, rules: Partial<Rules> = {}) {
    this.random = seededRandom(seed);
    this.database = new SimulatedDatabase(this.time, LEASE, { ...RULES, ...rules });
    this.network = new SimulatedNetwork(this.time, this.random, TIMEOUT);
  }

  /** @returns what was violated, as sentences; and what the run has done, to see that it tests something */
  run(): { violations: readonly string[]; faults: Record<string, number> } {
    const faults: Record<string, number> = {};
    this.network.weather = { delay: this.network.between(20, 2 * TIMEOUT), loss: this.random() * 0.1 };
    for (let n = this.network.between(1, 4); n > 0; n--) this.join();
    for (let at = 100; at < STORM; at += this.network.between(50, 400)) {
      this.time.runUntil(at);
      this.append();
      if (this.random() < 0.08) {
        const fault = this.oneFault();
        faults[fault] = (faults[fault] ?? 0) + 1;
      }
    }
    this.network.weather = CALM;
    this.settle('the last fault of the storm');
    this.crashOne();
    this.settle('a crash');
    this.time.runUntil(this.time.now + 20_000);
    const missing = this.database.missing();
    if (missing.length > 0) this.database.violations.push(`Nobody has handled the events ${missing.join(', ')}.`);
    return { violations: this.database.violations, faults };
  }

  private append(): void {
    const stream = `order-${this.network.between(1, STREAMS)}`;
    this.database.append(stream, partitionOf(stream));
  }

  private join(): void {
    const name = `node-${(this.count += 1)}`;
    // Their timers don't agree with one another.
    const interval = (LEASE / 3) * (0.8 + 0.2 * this.random());
    const node = new SimulatedNode(name, this.database, this.network, interval);
    this.nodes.push(node);
    node.boot();
  }

  private oneFault(): string {
    this.nodes = this.nodes.filter((node) => !node.isLeaving);
    const node = this.nodes[this.network.between(0, this.nodes.length - 1)];
    const dice = this.random();
    if (!node || (dice < 0.3 && this.nodes.length < 6)) {
      this.join();
      return 'joined';
    }
    if (dice < 0.5) {
      this.network.freeze(node.name, this.network.between(100, 3 * LEASE));
      return 'frozen';
    }
    if (dice < 0.75) {
      this.crash(node);
      return 'crashed';
    }
    node.stop();
    return 'stopped';
  }

  private crash(node: SimulatedNode): void {
    this.network.crash(node.name);
    this.nodes = this.nodes.filter((each) => each !== node);
  }

  private crashOne(): void {
    this.nodes = this.nodes.filter((node) => !node.isLeaving);
    if (this.nodes.length < 2) this.join();
    this.time.runUntil(this.time.now + 2 * LEASE);
    this.crash(this.nodes[0]!);
    this.append();
  }

  /** After the bound each range has an owner again, and after one more handover each node has its share. */
  private settle(after: string): void {
    if (this.nodes.every((node) => node.isLeaving)) this.join();
    // A frozen node thaws first: until then it is as good as crashed, and takes part again later.
    this.time.runUntil(this.time.now + (after === 'a crash' ? BOUND : 3 * LEASE + BOUND));
    const held = this.database.holdings();
    const sum = Object.values(held).reduce((total, each) => total + each, 0);
    if (sum !== PARTITIONS) {
      this.database.violations.push(`${PARTITIONS - sum} partitions had no owner ${BOUND} ms after ${after}.`);
    }
    this.time.runUntil(this.time.now + BOUND);
    const shares = Object.values(this.database.holdings());
    const live = this.database.nodes().length;
    if (shares.length !== live || Math.max(...shares) - Math.min(...shares) > 1) {
      this.database.violations.push(`${live} nodes share the partitions ${shares.join(' + ')} after ${after}.`);
    }
  }
}
