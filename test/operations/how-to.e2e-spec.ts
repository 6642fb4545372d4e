import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { TestApp } from '../support/test-app.js';
import { comparable } from '../support/tour/expected-output.js';
import { tourIn, type TourStep } from '../support/tour/readme-tour.js';
import { runTour } from '../support/tour/tour-session.js';
import { statusOf, until, USER_VIEW, WELCOME_MAIL } from './operating.js';
import { unreachedPeople } from './unreached-people.js';

/** The commands of a how-to, with what it says that they print. */
async function stepsOf(page: string): Promise<TourStep[]> {
  const text = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'how-to', page), 'utf8');
  return tourIn(`<!-- tour:start -->\n${text}\n<!-- tour:end -->`);
}

describe.each(DATABASE_KINDS)('the how-to on %s', (kind) => {
  let mail: MailServer;
  let app: TestApp;

  beforeEach(async () => {
    mail = await MailServer.start();
    app = await TestApp.start(kind, { SMTP_URL: mail.url });
  });

  afterEach(async () => {
    await app.close();
    await mail.close();
  });

  /** Does what the page shows, and compares what it prints. Answers how many outputs there were. */
  async function follow(page: string): Promise<number> {
    const steps = await stepsOf(page);
    const { token } = await app.operator();
    const variables = { line: 0, commands: `API=${await app.nest.getUrl()}\nOPERATOR_TOKEN=${token}\n` };

    const [, ...outputs] = await runTour([variables, ...steps], await app.nest.getUrl());

    const shown = steps.flatMap(({ expected }, index) => (expected ? [comparable(expected, outputs[index]!)] : []));
    expect(shown.map(({ actual }) => actual)).toEqual(shown.map(({ expected }) => expected));
    return shown.length;
  }

  it('handle a dead letter', async () => {
    await unreachedPeople(app, mail, 2);
    mail.fateOf = () => 'take';

    expect(await follow('handle-a-dead-letter.md')).toBe(5);

    const operator = await app.operator();
    await operator.post(`/subscriptions/${WELCOME_MAIL}/resume`);
    await until(operator, WELCOME_MAIL, { state: 'live', parked: 0, discarded: 1 });
  });

  it('rebuild a read model', async () => {
    await app.caughtUpWith((await app.customer()).signedIn);

    expect(await follow('rebuild-a-read-model.md')).toBe(3);

    expect((await statusOf(await app.operator(), USER_VIEW)).rebuild).toMatchObject({ state: 'done' });
  });
});
