import { AppProcess } from '../../packages/core/test/support/app-process.js';
import { Client } from './client.js';
import type { TestDatabase } from './databases.js';
import { type Names, Person, someNames } from './people.js';
import { JWT_SECRET, OPERATOR, PERSONAL_DATA_KEY } from './test-app.js';

/** The whole app in a separate process, used over HTTP. */
export class ServedApp {
  private constructor(readonly process: AppProcess) {}

  /** @param script `(await builtApp()).main`, or another program that serves the app */
  static async start(
    script: string,
    { url, viewsUrl }: Pick<TestDatabase, 'url' | 'viewsUrl'>,
    env: Readonly<Record<string, string>> = {},
    cwd?: string,
  ): Promise<ServedApp> {
    return new ServedApp(
      await AppProcess.start({
        script,
        ...(cwd === undefined ? {} : { cwd }),
        env: {
          DATABASE_URL: url,
          VIEWS_DATABASE_URL: viewsUrl,
          JWT_SECRET,
          PERSONAL_DATA_KEY,
          OPERATOR_EMAIL: OPERATOR.email,
          OPERATOR_PASSWORD: OPERATOR.password,
          // All users of a test come from this machine.
          RATE_LIMITS: 'off',
          ...env,
        },
      }),
    );
  }

  client(token?: string): Client {
    return new Client(this.process.url, [], token);
  }

  /** A new user, signed in. The token is valid after a restart as well. */
  async customer(): Promise<Person> {
    const names = someNames();
    const { status, text } = await this.client().post('/users', names);
    if (status !== 201) throw new Error(`The registration failed: ${status} ${text}`);
    return this.signIn(names);
  }

  async signIn(names: Names): Promise<Person> {
    const { email, password } = names;
    const answer = await this.client().post('/sessions', { email, password });
    if (answer.status !== 201) throw new Error(`The sign-in failed: ${answer.status} ${answer.text}`);
    return new Person(names, answer, this.process.url, []);
  }
}
