import { MailServer } from '../../src/platform/testing/mail-server.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import { TestApp } from '../support/test-app.js';
import { follow, howTo } from './how-to-page.js';
import { statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';
import { unreachedPeople } from './unreached-people.js';

const ON_THE_COMMAND_LINE = '## On the command line';

describe('the how-to', () => {
  let mail: MailServer;
  let app: TestApp;
  let environment: Record<string, string>;

  beforeAll(async () => {
    await builtApp();
  }, BUILD_TIMEOUT_MS);

  beforeEach(async () => {
    mail = await MailServer.start();
    app = await TestApp.start('sqlite', { SMTP_URL: mail.url });
    const { url, viewsUrl } = app.database;
    environment = { DATABASE_URL: url, VIEWS_DATABASE_URL: viewsUrl };
  });

  afterEach(async () => {
    await app.close();
    await mail.close();
  });

  /** Answers how many outputs the page shows, over HTTP and on the command line. */
  async function followParts(page: string, between: () => void = () => undefined): Promise<[number, number]> {
    const { token } = await app.operator();
    const api = await app.nest.getUrl();
    const [overHttp, onTheCommandLine] = (await howTo(page)).split(ON_THE_COMMAND_LINE);
    const first = await follow(overHttp!, { API: api, OPERATOR_TOKEN: token }, api);
    between();
    return [first, await follow(onTheCommandLine!, environment, api)];
  }

  it('handle a dead letter', async () => {
    await unreachedPeople(app, mail, 4);

    const outputs = await followParts('handle-a-dead-letter.md', () => {
      mail.fateOf = () => 'take';
    });

    expect(outputs).toEqual([5, 3]);
    await until(await app.operator(), WELCOME_MAIL, { state: 'live', parked: 0, discarded: 2 });
  }, 60_000);

  it('rebuild a read model', async () => {
    await app.caughtUpWith((await app.customer()).signedIn);

    expect(await followParts('rebuild-a-read-model.md')).toEqual([3, 2]);

    expect((await statusOf(await app.operator(), USER_VIEW)).rebuild).toMatchObject({ state: 'done', dryRun: false });
  }, 60_000);

  it('verify the log', async () => {
    expect(await follow(await howTo('verify-the-log.md'), environment, await app.nest.getUrl())).toBe(2);
  }, 60_000);
});
