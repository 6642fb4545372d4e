import type { NewEvent } from '../../src/index.js';
import type { DatabaseKind } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import type { Row } from '../support/stored-rows.js';
import { CounterAlarm } from './counter-alarm.js';
import type { CounterNode } from './counter-node.js';
import { CounterNodes, open, raise, settled } from './counter-nodes.js';
import { TALLY, tallies, type TallyOptions } from './tally-projection.js';

/** Nodes with the read model of tallies, one counter, and a database of its own for each test. */
export class Tallying {
  private nodes: CounterNodes;
  id: string;

  private constructor(private readonly kind: DatabaseKind) {}

  /** Adds the hooks of a block. */
  static use(kind: DatabaseKind): Tallying {
    const tallying = new Tallying(kind);
    beforeEach(async () => {
      tallying.nodes = await CounterNodes.prepare(kind);
    });
    afterEach(() => tallying.nodes.drop());
    return tallying;
  }

  start(tally: TallyOptions = {}, options: Parameters<CounterNodes['start']>[0] = {}): Promise<CounterNode> {
    const edition = tallies(tally);
    const providers = [...(edition.providers ?? []), CounterAlarm];
    return this.nodes.start({ leaseTtl: 2_000, ...options }, { ...edition, providers });
  }

  stop(node: CounterNode): Promise<void> {
    return this.nodes.stop(node);
  }

  async open(node: CounterNode): Promise<void> {
    this.id = await open(node);
  }

  raise(node: CounterNode, by = 1): Promise<number> {
    return raise(node, this.id, by);
  }

  /** Raises many times in few appends. */
  async raiseOften(node: CounterNode, times: number): Promise<void> {
    const event: NewEvent = { type: 'counters.counter-raised', data: { counterId: this.id, by: 1 } };
    for (let left = times; left > 0; left -= 250) {
      const events = Array.from({ length: Math.min(left, 250) }, () => event);
      await node.log.append([{ stream: `counter-${this.id}`, expected: 'any', events }]);
    }
  }

  caughtUp(node: CounterNode): Promise<void> {
    return settled(node, { state: 'live' }, TALLY);
  }

  async rebuilt(node: CounterNode): Promise<void> {
    await rebuildDone(node);
    await this.caughtUp(node);
  }

  sql(text: string): Promise<Row[]> {
    return this.nodes.viewsSql(text);
  }

  /** How often each counter was raised, as the read model has it. */
  async tallied(): Promise<number[]> {
    return (await this.sql('select raises from tally order by counter_id')).map((row) => Number(row.raises));
  }

  /** Tables and indexes by name, as the database defines them. */
  schema(): Promise<Row[]> {
    return this.sql(
      this.kind === 'sqlite'
        ? `select type, name, tbl_name from sqlite_schema order by type, name`
        : `select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`,
    );
  }
}

async function rebuildDone(node: CounterNode): Promise<void> {
  await eventually(async () => expect((await node.status(TALLY)).rebuild).toMatchObject({ state: 'done' }));
}
