import { join } from 'node:path';
import { run } from '../cli/leftfold.js';
import { builtApp } from '../support/built-app.js';
import { capturedLog } from '../support/captured-log.js';
import { since } from '../support/client.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { expectMetrics } from '../support/exposition.js';
import { type Person, someNames } from '../support/people.js';
import { ServedApp } from '../support/served-app.js';
import { OPERATOR, TestApp } from '../support/test-app.js';
import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { type Proxy, startProxy } from '../../packages/core/test/support/proxy.js';
import { PostgresServer, REPLICATION } from '../../packages/core/test/support/replicated-postgres.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { describeIf } from '../../packages/core/test/support/skipping.js';

const TOKEN = 'only-for-these-tests';

describeIf(REPLICATION, 'Replicas need a PostgreSQL server with pg_basebackup (apt-get install postgresql).')(
  'on PostgreSQL with a streaming replica',
  () => {
    let main: string;
    let primary: PostgresServer;
    let replica: PostgresServer;
    const databases: TestDatabase[] = [];
    let nodes: TestApp[] = [];

    beforeAll(async () => {
      ({ main } = await builtApp());
      primary = await PostgresServer.primary();
      for (const name of ['together', 'log']) databases.push(await primary.createDatabase(name));
      replica = await primary.replica();
    });

    afterEach(async () => {
      await killLeftovers();
      for (const node of nodes) await node.close();
      nodes = [];
    });

    afterAll(async () => {
      for (const each of databases) await each.drop();
      for (const each of [replica, primary]) await each.stop();
    });

    const nameOf = async (person: Person, headers = {}): Promise<string> => {
      const answer = await person.get('/users/me', headers);
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
      return (answer.body as { username: string }).username;
    };
    const rename = async (person: Person) => {
      const { username } = someNames();
      const answer = await person.change('username', username);
      expect(answer.status).toBe(200);
      return { username, answer };
    };

    it('a copy of a read model is filled from the log, and no replica is asked', async () => {
      const [together] = databases as [TestDatabase];
      await replica.pauseReplay();
      const node = await started(together, {});
      const ann = await node.customer();
      const { username } = await rename(ann);
      await closed(node);
      const into = await primary.createDatabase('copy');
      databases.push(into);

      for (const target of [`sqlite:${join(together.folder, 'copy.sqlite')}`, into.url]) {
        const line = `subscriptions copy users.user-view --into ${target}`;
        const { code, stderr } = await run(together, line, { VIEWS_REPLICA_URLS: replica.url('together') });
        expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^100 % .*\n$/) });
        const rows = await runSql(target, `select username from user_view where user_id = '${ann.userId}'`);
        expect(rows).toEqual([{ username }]);
      }

      expect(await sessionsOnReplica('together')).toBe(0);
      await replica.resumeReplay();
    });

    it('a query on an api node waits for the worker, and reads a replica that has the position, or the primary', async () => {
      const [together] = databases as [TestDatabase];
      await started(together, { ROLE: 'worker', LOG_LEVEL: 'info' });
      const replicas = { VIEWS_REPLICA_URLS: replica.url('together'), METRICS_TOKEN: TOKEN };
      const api = await started(together, { ROLE: 'api', ...replicas });
      const up = async (): Promise<number | undefined> =>
        expectMetrics(await api.client(TOKEN).get('/metrics')).value('leftfold_replica_up', {
          replica: `postgres://127.0.0.1:${replica.port}/together`,
        });
      const ready = async (): Promise<number> => (await api.anyone.get('/health/ready')).status;
      await eventually(async () => expect([await ready(), await up()]).toEqual([200, 1]));
      const ann = await api.customer();

      const first = await rename(ann);
      expect(await nameOf(ann, since(first.answer))).toBe(first.username);
      await eventually(async () => expect(await nameOf(ann)).toBe(first.username));

      await replica.pauseReplay();
      const second = await rename(ann);
      expect(await nameOf(ann, since(second.answer))).toBe(second.username);
      // A replica that is slow to answer is left out for a while.
      await eventually(async () => expect(await nameOf(ann)).toBe(first.username));
      await replica.resumeReplay();
      await eventually(async () => expect(await nameOf(ann)).toBe(second.username));

      await replica.stop();
      for (let n = 0; n < 5; n++) expect(await nameOf(ann)).toBe(second.username);
      await eventually(async () => expect([await ready(), await up()]).toEqual([200, 0]));
      await replica.started();
      await eventually(async () => expect(await up()).toBe(1));
      const lines = capturedLog.text.split('\n').filter((line) => line.includes(`${replica.port}/together`));
      expect(lines.length).toBeGreaterThan(0);
      for (const [at, line] of lines.entries()) expect(line).toContain(at % 2 === 0 ? 'is left out' : 'is back');
      expect(lines.at(-1)).toContain('is back');
    });

    it('a failover that lost commits ends the process, and the next one refuses read models that are ahead of the log', async () => {
      const [, log] = databases as [TestDatabase, TestDatabase];
      const [views, others] = [await createTestDatabase('postgres'), await createTestDatabase('postgres')];
      databases.push(views, others);
      const { proxy, url, target } = await proxyTo(log);
      const env = { LEASE_TTL: '1s' };
      const app = await ServedApp.start(main, { url, viewsUrl: views.viewsUrl }, env);
      const ann = await app.customer();
      await nameOf(ann, since((await rename(ann)).answer));
      await expectReplicated(log);

      await replica.stop();
      const lost = await rename(ann);
      expect(await nameOf(ann, since(lost.answer))).toBe(lost.username);
      await primary.stop('SIGQUIT');
      expectProblem(await ann.change('username', someNames().username), 503, 'busy');

      await (await replica.started()).promote();
      target.port = replica.port;
      expect((await app.process.exited).code).toBe(1);
      expect(app.process.output).toMatch(/Another server of PostgreSQL has taken over.*Restart the process/);

      const next = await started({ ...log, url, viewsUrl: views.viewsUrl }, env);
      await eventually(async () => {
        const answer = await next.anyone.get('/health/ready');
        expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('users.user-view')]);
      });
      const operator = await next.signIn(OPERATOR);
      const { body } = await operator.get('/subscriptions/users.user-view');
      expect(body).toMatchObject({
        state: 'stopped',
        lastError: expect.stringMatching(
          /is at position \d+, and the log ends at \d+: it was restored.*delete the database/,
        ),
      });
      expect((await operator.put(`${operator.path}/username`, { username: someNames().username })).status).toBe(200);
      await closed(next);

      const rebuilt = await started({ ...log, url, viewsUrl: others.viewsUrl }, env);
      await eventually(async () => expect((await rebuilt.anyone.get('/health/ready')).status).toBe(200));
      await closed(rebuilt);
      await proxy.close();
    });

    /** All sessions that it has ever had, from its own counters. */
    async function sessionsOnReplica(name: string): Promise<number> {
      const sql = `select sessions from pg_stat_database where datname = '${name}'`;
      const [row] = await runSql(replica.url(), sql);
      return Number(row!.sessions);
    }

    async function started(database: TestDatabase, env: Readonly<Record<string, string>>): Promise<TestApp> {
      const node = await TestApp.start(database, env);
      nodes.push(node);
      return node;
    }

    async function closed(node: TestApp): Promise<void> {
      nodes = nodes.filter((each) => each !== node);
      await node.close();
    }

    /** The database's URL through a proxy, whose target can be moved. */
    async function proxyTo(database: TestDatabase): Promise<{ proxy: Proxy; url: string; target: { port: number } }> {
      const url = new URL(database.url);
      const target = { host: '127.0.0.1', port: Number(url.port) };
      const proxy = await startProxy(target, (client, upstream) => {
        client.pipe(upstream).pipe(client);
      });
      url.port = String(proxy.port);
      return { proxy, url: url.href, target };
    }

    async function expectReplicated(log: TestDatabase): Promise<void> {
      const head = 'select max(position) as head from leftfold_events';
      const [expected] = await runSql(log.url, head);
      await eventually(async () => expect(await runSql(replica.url('log'), head)).toEqual([expected]));
    }
  },
);
