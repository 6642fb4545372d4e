import { DatabaseLimits, EventLog, ReadModelPositions, ScheduleClock } from '@leftfold/core';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { type ClassProvider, ConsoleLogger, type Type, type ValueProvider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Logger, PARAMS_PROVIDER_TOKEN } from 'nestjs-pino';
import { AppModule } from '../../src/app.module.js';
import { Settings } from '../../src/platform/config/settings.js';
import type { Environment } from '../../src/platform/config/variables.js';
import { HttpAdapter } from '../../packages/http/src/http-adapter.js';
import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { logOptions } from '../../src/platform/logging/log-options.js';
import { EVERY_ROUTE } from '../../src/platform/logging/logging.module.js';
import { OutboxFolder } from '../../src/platform/mail/folder-mailer.js';
import { PasswordCost } from '../../src/users/credentials/password-cost.js';
import { RequestRate } from '../../src/users/limits/request-limits.js';
import { capturedLog } from './captured-log.js';
import { type Answer, Client } from './client.js';
import { createAppDatabase } from './app-database.js';
import type { DatabaseKind, TestDatabase } from './databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { type Account, type Names, Person, someNames } from './people.js';
import { configureApp } from '../../src/platform/http/configure-app.js';

export const JWT_SECRET = 'only-for-tests-and-long-enough-for-HS256';
/** 32 bytes in base64. */
export const PERSONAL_DATA_KEY = 'cGVyc29uYWwgZGF0YSBvZiB0ZXN0cyBvbmx5ISEhISE=';
export const OPERATOR: Names = { username: 'olga', email: 'olga@example.com', password: 'operators have long ones' };

/** The cheapest that Argon2 accepts. `credentials.e2e-spec.ts` tests the cost in the application. */
const CHEAP: PasswordCost = { memoryCost: 8, timeCost: 1, parallelism: 1 };
/** Each connection costs PostgreSQL 30 ms of CPU, and most tests need few at the same time. */
const FEW_CONNECTIONS = 3;
/** For registrations from this machine: a test makes as many users as it needs. */
const OFTEN: RequestRate = { perHour: 10_000 };
/** The running apps. */
const running = new Set<TestApp>();

export interface TestAppOptions {
  /** The clock of scheduled commands; default: the database's. */
  readonly clock?: ScheduleClock;
  /** Connections of each pool to PostgreSQL; more for many requests at once. Default: 3. */
  readonly connections?: number;
  /** Modules of the application to leave out. */
  readonly without?: readonly Type[];
  /** Additional modules that the application does not have. */
  readonly with?: readonly Type[];
  /** Providers that replace the application's own. */
  readonly replace?: readonly (ClassProvider | ValueProvider)[];
}

/** The application as `main.ts` serves it, on a test database. Its log goes to `capturedLog`, at the level of the first app. */
export class TestApp {
  /** All answers that its clients got. */
  readonly answers: Answer[] = [];
  readonly anyone: Client;
  private signedInOperator: Promise<Person> | undefined;

  private constructor(
    readonly nest: NestFastifyApplication,
    readonly database: TestDatabase,
    private readonly cleanUp: () => Promise<void>,
  ) {
    this.anyone = this.client();
    running.add(this);
  }

  /** @param on a kind, for a database that is dropped with the app, or a database that the caller drops */
  static async start(
    on: DatabaseKind | TestDatabase,
    env: Environment = {},
    options: TestAppOptions = {},
  ): Promise<TestApp> {
    const database = typeof on === 'string' ? await createAppDatabase(on) : on;
    const cleanUp = async (): Promise<void> => (typeof on === 'string' ? database.drop() : undefined);
    try {
      return new TestApp(await boot(database, env, options), database, cleanUp);
    } catch (error) {
      await cleanUp();
      throw error;
    }
  }

  async close(): Promise<void> {
    running.delete(this);
    await this.nest.close();
    await this.cleanUp();
  }

  client(token?: string): Client {
    return new Client(this.server, this.answers, token);
  }

  async register(chosen: Partial<Names> = {}): Promise<Account & { registered: Answer }> {
    const names = { ...someNames(), ...chosen };
    const registered = expectCreated(await this.anyone.post('/users', names));
    return { ...names, userId: (registered.body as Account).userId, registered };
  }

  async signIn(names: Names): Promise<Person> {
    const { email, password } = names;
    const answer = expectCreated(await this.anyone.post('/sessions', { email, password }));
    return new Person(names, answer, this.server, this.answers);
  }

  /** A user who signed in to another app on the same database. */
  personOf(person: Person): Person {
    return new Person(person, person.signedIn, this.server, this.answers);
  }

  /** A new user, signed in. */
  async customer(names?: Partial<Names>): Promise<Person> {
    return this.signIn(await this.register(names));
  }

  /** The first operator, signed in once. */
  operator(): Promise<Person> {
    this.signedInOperator ??= this.signIn(OPERATOR);
    return this.signedInOperator;
  }

  /** Another operator, whose token has the role. */
  async newOperator(): Promise<Person> {
    const account = await this.register();
    const path = `/users/${account.userId}/roles/operator`;
    // A test may have changed the first operator's roles, which ends the session.
    if ((await (await this.operator()).put(path)).status === 401) {
      this.signedInOperator = undefined;
      await (await this.operator()).put(path);
    }
    return this.signIn(account);
  }

  /** Position of the last event. */
  head(): Promise<number> {
    return this.nest.get(EventLog).head();
  }

  /** Waits until every read model includes the event of a command, whichever process runs it. */
  async caughtUpWith(answer: Answer): Promise<void> {
    const position = Number(answer.headers['leftfold-position']);
    // The application waits only for a few seconds, and a busy machine needs longer for thousands of events.
    await eventually(() => this.nest.get(ReadModelPositions).waitFor(position));
  }

  async eventsAfter(position: number): Promise<EventItem[]> {
    const { body } = await (await this.operator()).get(`/events?after=${position}&limit=200`);
    return (body as { items: EventItem[] }).items;
  }

  private get server(): Server {
    return this.nest.getHttpServer();
  }
}

async function boot(
  database: TestDatabase,
  env: Environment,
  {
    clock = new ScheduleClock(),
    connections = FEW_CONNECTIONS,
    without = [],
    with: added = [],
    replace = [],
  }: TestAppOptions,
): Promise<NestFastifyApplication> {
  const app = AppModule.forRoot(environment(database, env));
  const imports = app.imports?.filter((each) => !without.includes(each as Type));
  const building = Test.createTestingModule({ imports: [{ ...app, imports: [...(imports ?? []), ...added] }] })
    .setLogger(new ConsoleLogger({ logLevels: [] }))
    .overrideProvider(PARAMS_PROVIDER_TOKEN)
    .useFactory({
      inject: [Settings],
      factory: ({ logLevel }: Settings) => ({ pinoHttp: [logOptions(logLevel), capturedLog], forRoutes: EVERY_ROUTE }),
    })
    .overrideProvider(ScheduleClock)
    .useValue(clock)
    .overrideProvider(PasswordCost)
    .useValue(CHEAP)
    .overrideProvider(DatabaseLimits)
    .useValue(Object.assign(new DatabaseLimits(), { connections }))
    .overrideProvider(RequestRate)
    .useValue(OFTEN)
    .overrideProvider(OutboxFolder)
    .useValue(new OutboxFolder(join(database.folder, 'outbox')));
  for (const provider of replace) {
    const overriding = building.overrideProvider(provider.provide);
    if ('useClass' in provider) overriding.useClass(provider.useClass);
    else overriding.useValue(provider.useValue);
  }
  const testing = await building.compile();
  const nest = testing.createNestApplication<NestFastifyApplication>(new HttpAdapter());
  nest.useLogger(nest.get(Logger));
  if (running.size === 0) capturedLog.begin(nest.get(Settings).logLevel);
  try {
    await configureApp(nest);
    await nest.listen(0, '127.0.0.1');
    return nest;
  } catch (error) {
    await nest.close();
    throw error;
  }
}

function environment({ url, viewsUrl }: TestDatabase, env: Environment): Environment {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: url,
    VIEWS_DATABASE_URL: viewsUrl,
    JWT_SECRET,
    PERSONAL_DATA_KEY,
    OPERATOR_EMAIL: OPERATOR.email,
    OPERATOR_PASSWORD: OPERATOR.password,
    ...env,
  };
}

function expectCreated(answer: Answer): Answer {
  if (answer.status === 201) return answer;
  throw new Error(`Expected 201, and was answered ${answer.status}: ${answer.text}`);
}
