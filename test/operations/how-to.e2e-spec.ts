import { MailServer } from '../../src/platform/testing/mail-server.js';
import { TestApp } from '../support/test-app.js';
import { follow, howTo } from './how-to-page.js';
import { statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';
import { ServedCommands } from './served-commands.js';
import { unreachedPeople } from './unreached-people.js';

const ON_THE_COMMAND_LINE = '## On the command line';

describe('the how-to', () => {
  let mail: MailServer;
  let commands: ServedCommands;
  let app: TestApp;

  beforeEach(async () => {
    mail = await MailServer.start();
    commands = await ServedCommands.start();
    // The app polls for requests of commands within a part of that time.
    app = await TestApp.start('sqlite', { SMTP_URL: mail.url, LEASE_TTL: '2s' });
  });

  afterEach(async () => {
    await app.close();
    await commands.close();
    await mail.close();
  });

  /** Returns the number of outputs in the text. */
  async function followText(text: string, token = ''): Promise<number> {
    const { url, viewsUrl } = app.database;
    const api = await app.nest.getUrl();
    const variables = `API=${api} OPERATOR_TOKEN=${token} DATABASE_URL=${url} VIEWS_DATABASE_URL=${viewsUrl}`;
    return follow(text, { line: 0, commands: `${variables}\n${commands.npx}` }, api);
  }

  /** Returns the number of outputs on the page, over HTTP and on the command line. */
  async function followParts(page: string, between: () => void = () => undefined): Promise<[number, number]> {
    const { token } = await app.operator();
    const [overHttp, onTheCommandLine] = (await howTo(page)).split(ON_THE_COMMAND_LINE);
    const first = await followText(overHttp!, token);
    between();
    return [first, await followText(onTheCommandLine!)];
  }

  it('handle a dead letter', async () => {
    await unreachedPeople(app, mail, 4);

    const outputs = await followParts('handle-a-dead-letter.md', () => {
      mail.behaviorFor = () => 'take';
    });

    expect(outputs).toEqual([6, 3]);
    await until(await app.operator(), WELCOME_MAIL, { state: 'live', parked: 0, discarded: 2 });
  });

  it('rebuild a read model', async () => {
    await app.caughtUpWith((await app.customer()).signedIn);

    expect(await followParts('rebuild-a-read-model.md')).toEqual([3, 2]);

    expect((await statusOf(await app.operator(), USER_VIEW)).rebuild).toMatchObject({ state: 'done', dryRun: false });
  });

  it('verify the log', async () => {
    expect(await followText(await howTo('verify-the-log.md'))).toBe(2);
  });
});
