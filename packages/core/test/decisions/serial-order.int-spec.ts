import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import {
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  EventSourcingModule,
  existingOrNew,
  type Participants,
  type TagValues,
} from '../../src/index.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { Counter } from '../counters/counter.js';
import { CounterNode } from '../counters/counter-node.js';
import { createKernelDatabase } from '../counters/kernel-database.js';

@DomainEvent('stones.stone-put', { tags: ({ box, colour }: StonePut) => ({ box, colour }) })
class StonePut {
  declare readonly type: 'stones.stone-put';
  constructor(
    readonly by: number,
    readonly box: string,
    readonly colour: string,
  ) {}
}

@DecisionModel({ events: [StonePut] })
class Stones {
  readonly by: number[] = [];

  evolve(event: StonePut): void {
    this.by.push(event.by);
  }
}

@DecisionModel({ events: [StonePut], lastEventOnly: true })
class LastStones extends Stones {}

const [BOXES, COLOURS, COUNTERS] = [
  [0, 1],
  ['red', 'blue'],
  [0, 1],
] as const;

interface Read {
  readonly what: 'stones' | 'last stones' | 'counter';
  readonly box: number;
  readonly colour: string;
  /** Which tags its sets have. */
  readonly sets: readonly ('box' | 'colour' | 'both')[];
}

interface Plan {
  readonly on: 0 | 1;
  readonly reads: readonly Read[];
  readonly ends: 'raises' | 'puts' | 'answers' | 'refuses';
  readonly box: number;
  readonly colour: string;
  readonly turns: number;
}

const box = fc.constantFrom(...BOXES);
const colour = fc.constantFrom(...COLOURS);
const read: fc.Arbitrary<Read> = fc.record({
  what: fc.constantFrom('stones', 'last stones', 'counter'),
  box,
  colour,
  sets: fc.uniqueArray(fc.constantFrom('box', 'colour', 'both'), { minLength: 1, maxLength: 2 }),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  on: fc.constantFrom(0, 1),
  reads: fc.array(read, { minLength: 1, maxLength: 4 }),
  ends: fc.constantFrom('raises', 'puts', 'answers', 'refuses'),
  box,
  colour,
  turns: fc.nat({ max: 5 }),
});

/** What a decision saw, one entry for each read, and the last position that was known before it began. */
interface Seen {
  readonly began: number;
  readonly states: readonly (number | readonly number[])[];
}

interface Stored {
  readonly position: number;
  readonly by: number;
  readonly stream: string;
  readonly box?: string;
  readonly colour?: string;
}

describe.each(DATABASE_KINDS)('decisions on %s', (kind) => {
  let database: TestDatabase;
  let nodes: [CounterNode, CounterNode];

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    const stones = EventSourcingModule.forFeature({ events: [StonePut], decisionModels: [Stones, LastStones] });
    const start = () => CounterNode.start(database, { runSubscriptions: false }, { imports: [stones] });
    nodes = [await start(), await start()];
  });

  afterAll(async () => {
    for (const node of nodes ?? []) await node.stop();
    await database.drop();
  });

  it('on two nodes are explained by one serial order, which keeps what was stored before each began', async () => {
    let [stored, unstored] = [0, 0];
    const property = fc.asyncProperty(fc.array(plan, { minLength: 6, maxLength: 24 }), async (plans) => {
      const world = new World(nodes);
      const seen = await Promise.all(plans.map((each, index) => world.decide(each, index + 1)));
      const log = await world.stored();
      for (const [index, each] of plans.entries()) {
        const first = log.find(({ by }) => by === index + 1);
        // The state before its own events, or at any position since it began.
        const candidates = first
          ? [first.position - 1]
          : [seen[index]!.began, ...log.map(({ position }) => position)].filter((at) => at >= seen[index]!.began);
        const explained = candidates.some((at) => isAt(world, log, each, seen[index]!, at));
        if (!explained)
          throw new Error(`Nothing explains ${index + 1}: ${JSON.stringify({ each, seen: seen[index], log })}`);
        if (first) stored += 1;
        else unstored += 1;
      }
    });

    await fc.assert(property, { numRuns: 25, endOnFailure: true });

    expect(Math.min(stored, unstored)).toBeGreaterThan(50);
  });
});

/** The names of one run, so that runs share a database. */
class World {
  private readonly id = uuidv7();
  readonly counters = COUNTERS.map(() => uuidv7());
  private known = 0;

  constructor(private readonly nodes: readonly CounterNode[]) {}

  boxOf(index: number): string {
    return `${this.id}-${index}`;
  }

  colourOf(name: string): string {
    return `${this.id}-${name}`;
  }

  async decide({ on, reads, ends, turns, ...put }: Plan, by: number): Promise<Seen> {
    for (let n = 0; n < turns * 3; n++) await turn();
    const began = this.known;
    let states: Seen['states'] = [];
    const participants: Participants = Object.fromEntries(reads.map((each, index) => [index, this.participant(each)]));
    const deciding = this.nodes[on]!.get(Decisions).decide(participants, async (given, changes) => {
      const all = Object.values<Counter | Stones>(given);
      states = all.map((state) => (state instanceof Counter ? state.version : [...state.by]));
      for (let n = 0; n < turns; n++) await turn();
      if (ends === 'refuses') throw new Error('refused');
      if (ends === 'puts') {
        changes.append(`box-${this.boxOf(put.box)}`, new StonePut(by, this.boxOf(put.box), this.colourOf(put.colour)));
      }
      if (ends === 'raises') for (const each of new Set(all)) if (each instanceof Counter) each.raise(by);
    });
    await deciding.catch((error: Error) => {
      if (error.message !== 'refused') throw error;
    });
    const last = (await this.stored()).findLast((each) => each.by === by);
    this.known = Math.max(this.known, last?.position ?? 0);
    return { began, states };
  }

  async stored(): Promise<Stored[]> {
    const { log } = this.nodes[0]!;
    const found: Stored[] = [];
    const streams = [...this.counters.map((id) => `counter-${id}`), ...BOXES.map((each) => `box-${this.boxOf(each)}`)];
    for (const name of streams) {
      for await (const { position, stream, data } of log.readStream(name)) {
        found.push({ position, stream, ...(data as { by: number; box?: string; colour?: string }) });
      }
    }
    return found.toSorted((one, other) => one.position - other.position);
  }

  setsOf({ box: index, colour: name, sets }: Read): TagValues[] {
    const [inBox, ofColour] = [{ box: this.boxOf(index) }, { colour: this.colourOf(name) }];
    return sets.map((each) => (each === 'both' ? { ...inBox, ...ofColour } : each === 'box' ? inBox : ofColour));
  }

  private participant(given: Read): Participants[string] {
    if (given.what === 'counter') return existingOrNew(Counter, this.counters[given.box]!);
    return decisionModel(given.what === 'stones' ? Stones : LastStones, ...this.setsOf(given));
  }
}

/** Whether the log at a position has all that the decision saw. */
function isAt(world: World, log: readonly Stored[], { reads }: Plan, { states }: Seen, at: number): boolean {
  const past = log.filter(({ position }) => position <= at);
  return reads.every((each, index) => {
    if (each.what === 'counter') {
      return past.filter(({ stream }) => stream === `counter-${world.counters[each.box]}`).length === states[index];
    }
    const found = world.setsOf(each).flatMap((set) => {
      const matching = past.filter((event) =>
        Object.entries(set).every(([name, value]) => event[name as 'box'] === value),
      );
      return each.what === 'stones' ? matching : matching.slice(-1);
    });
    const by = past.filter((event) => found.includes(event)).map((event) => event.by);
    return JSON.stringify(by) === JSON.stringify(states[index]);
  });
}
