import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Databases } from '../src/index.js';
import { CounterNode } from './counters/counter-node.js';
import { open, raise } from './counters/counter-nodes.js';
import { RaiseCounterCommand } from './counters/counter.js';
import { LOCATING, LocateCommand, LocateQuery, NestedQuery } from './counters/locating.js';
import type { TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { PostgresServer, REPLICATION } from './support/replicated-postgres.js';
import { describeIf } from './support/skipping.js';
import { runSql } from './support/stored-rows.js';

const LIMITS = { connections: 3, replicaCheck: 50, replicaAnswer: 3_000, replicaPause: 50, replicaLag: 20 };
describeIf(REPLICATION, 'Replicas need a PostgreSQL server with pg_basebackup (apt-get install postgresql).')(
  'queries with two streaming replicas',
  () => {
    let primary: PostgresServer;
    let replicas: readonly [PostgresServer, PostgresServer];
    let database: TestDatabase;
    let node: CounterNode;
    let lines: string[];

    const locate = async (counterId: string, minPosition?: number, query = new LocateQuery(counterId)) =>
      (await node.from(minPosition === undefined ? {} : { minPosition }, () => node.queries.execute(query))).result;
    const allUp = () =>
      eventually(() => expect(node.get(Databases).replicas.map(({ isUp }) => isUp)).toEqual([true, true]));
    /** A counter of this value, on all servers. */
    const known = async (value: number) => {
      const id = await open(node);
      const position = await raise(node, id, value);
      for (const port of ports()) {
        await eventually(async () => expect(await locate(id, position)).toEqual({ ports: [port], value }));
      }
      return { id, position };
    };
    const ports = () => replicas.map(({ port }) => port);

    beforeAll(async () => {
      primary = await PostgresServer.primary();
      database = await primary.createDatabase('counters');
      replicas = await Promise.all([primary.replica(), primary.replica()]);
      lines = [];
      for (const level of ['log', 'warn'] as const) {
        jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => void lines.push(String(line)));
      }
      node = await CounterNode.start(
        database,
        {
          leaseTtl: 120_000,
          readWaitLimit: 60_000,
          databaseLimits: LIMITS,
          viewsReplicaUrls: replicas.map((each) => each.url('counters')),
        },
        { providers: LOCATING },
      );
      await allUp();
      lines = [];
    });

    afterAll(async () => {
      for (const each of replicas) each.thaw();
      await node.stop();
      await database.drop();
      jest.restoreAllMocks();
      for (const each of [...replicas, primary]) await each.stop();
    });

    it('go to the replicas in turn, and each reads from one of them only', async () => {
      const { id } = await known(3);
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await locate(id));
      const [first, second] = answers.map((each) => each.ports);
      expect(new Set([first, second].flat())).toEqual(new Set(ports()));
      expect(answers.map((each) => each.ports)).toEqual([first, second, first, second]);
    });

    it('go to a replica only if it has their minimum position, else to the primary', async () => {
      const { id } = await known(1);
      for (const each of replicas) await each.pauseReplay();
      const position = await raise(node, id, 1);

      for (let n = 0; n < 3; n++) expect(await locate(id, position)).toEqual({ ports: [primary.port], value: 2 });
      const old = await locate(id);
      expect([ports().includes(old.ports[0]!), old.value]).toEqual([true, 1]);

      await replicas[1].resumeReplay();
      await eventually(async () => expect(await locate(id, position)).toEqual({ ports: [replicas[1].port], value: 2 }));
      for (let n = 0; n < 3; n++) expect((await locate(id, position)).ports).toEqual([replicas[1].port]);
      await replicas[0].resumeReplay();
    });

    it('use the position of what the same request has written', async () => {
      const { id } = await known(1);
      for (const each of replicas) await each.pauseReplay();
      const { result } = await node.from({}, async () => {
        await node.commands.execute(new RaiseCounterCommand(id, 1));
        return node.queries.execute(new LocateQuery(id));
      });
      expect(result.ports).toEqual([primary.port]);
      for (const each of replicas) await each.resumeReplay();
    });

    it('of a command handler go to the primary', async () => {
      const { id } = await known(1);
      expect(await node.commands.execute(new LocateCommand(id))).toEqual({ ports: [primary.port], value: 1 });
    });

    it('in a query read from the same database, even when only the inner one asks for a position', async () => {
      const { id, position } = await known(1);
      const both = await locate(id, undefined, new NestedQuery(new LocateQuery(id), position) as never);
      expect([both.ports.length, ports().includes(both.ports[0]!)]).toEqual([1, true]);

      for (const each of replicas) await each.pauseReplay();
      const later = await raise(node, id, 1);
      const inner = new NestedQuery(new LocateQuery(id), later);
      expect(await locate(id, undefined, inner as never)).toEqual({ ports: [primary.port], value: 2 });
      for (const each of replicas) await each.resumeReplay();
    });

    it('are run again on the primary when a replica can not run them', async () => {
      const { id } = await known(1);
      for (const each of replicas) await each.pauseReplay();
      await runSql(database.url, 'create table newer as select 1 as one');
      const sql = 'select inet_server_port() as port from newer';
      expect((await locate(id, undefined, new LocateQuery(id, sql))).ports).toEqual([primary.port]);
      for (const each of replicas) await each.resumeReplay();
      await expect(locate(id, undefined, new LocateQuery(id, 'select 1 from nowhere'))).rejects.toThrow(/nowhere/);
    });

    it('do not go to a replica that is far behind, until it has caught up', async () => {
      const { id } = await known(1);
      await replicas[0].pauseReplay();
      const { value } = { value: 1 + LIMITS.replicaLag + 1 };
      let position = 0;
      for (let n = 1; n < value; n++) position = await raise(node, id, 1);
      await eventually(() => expect(node.get(Databases).replicas.map(({ isUp }) => isUp)).toEqual([false, true]));
      await eventually(async () => expect((await locate(id, position)).ports).toEqual([replicas[1].port]));

      for (let n = 0; n < 4; n++) expect(await locate(id)).toEqual({ ports: [replicas[1].port], value });

      await replicas[0].resumeReplay();
      await allUp();
    });

    it('are answered while a replica is stopped, which the log says once, and that it is back', async () => {
      const { id, position } = await known(1);
      lines = [];
      await replicas[0].stop();
      for (let n = 0; n < 6; n++) expect((await locate(id, position)).value).toBe(1);
      await eventually(() => expect(node.get(Databases).replicas[0]!.isUp).toBe(false));
      for (let n = 0; n < 3; n++) expect((await locate(id, position)).ports).toEqual([replicas[1].port]);

      await replicas[0].started();
      await allUp();
      const name = `127.0.0.1:${replicas[0].port}/counters`;
      expect(lines.filter((line) => line.includes('replica'))).toEqual([
        expect.stringContaining(`${name} is left out: `),
        expect.stringContaining(`${name} is back`),
      ]);
    });

    it('that wait for a frozen replica are answered by the primary', async () => {
      await allUp();
      const { id } = await known(1);
      await replicas[0].freeze();
      const answers = await Promise.all([locate(id), locate(id)]);
      replicas[0].thaw();
      expect(answers.map(({ value }) => value)).toEqual([1, 1]);
      expect(new Set(answers.flatMap((each) => each.ports))).toEqual(new Set([primary.port, replicas[1].port]));
    });

    it('do not go to a replica that was promoted', async () => {
      await allUp();
      const { id } = await known(1);
      lines = [];
      await replicas[1].promote();
      await eventually(() => expect(node.get(Databases).replicas[1]!.isUp).toBe(false));

      for (let n = 0; n < 3; n++) expect((await locate(id)).ports).toEqual([replicas[0].port]);
      expect(lines).toEqual([expect.stringContaining('it follows no primary')]);
    });

    it('do not keep a node from stopping while a replica is frozen', async () => {
      await replicas[0].freeze();
      await expect(node.stop()).resolves.toBeUndefined();
      replicas[0].thaw();
    });
  },
);
