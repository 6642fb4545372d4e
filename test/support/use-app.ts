import type { Environment } from '../../src/platform/config/variables.js';
import type { DatabaseKind } from './databases.js';
import type { Person } from './people.js';
import { TestApp, type TestAppOptions } from './test-app.js';

/** An application, and its signed-in users. */
export interface Here {
  readonly app: TestApp;
  readonly operator: Person;
  readonly ann: Person;
  readonly bob: Person;
}

/** One application for all tests of a block, on a separate database. Its fields can be used in hooks and tests. */
export function useApp(kind: DatabaseKind, env: Environment = {}, options: TestAppOptions = {}): Here {
  const here = {} as { -readonly [Name in keyof Here]: Here[Name] };
  beforeAll(async () => {
    here.app = await TestApp.start(kind, env, options);
    here.operator = await here.app.operator();
    here.ann = await here.app.customer();
    here.bob = await here.app.customer();
    await here.app.caughtUpWith(here.bob.signedIn);
  });
  afterAll(() => here.app.close());
  return here;
}
