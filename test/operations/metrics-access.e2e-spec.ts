import { capturedLog } from '../support/captured-log.js';
import type { Answer, Headers } from '../support/client.js';
import { expectProblem } from '../support/expectations.js';
import { expectMetrics } from '../support/exposition.js';
import { TestApp } from '../support/test-app.js';
import { useApp } from '../support/use-app.js';

const METRICS_TOKEN = 'only-for-scraping-~!';
/** As a proxy forwards a request from another machine. */
const FROM_AFAR = { 'x-forwarded-for': '203.0.113.7' };

const bearer = (token: string): Headers => ({ ...FROM_AFAR, authorization: `Bearer ${token}` });

describe('metrics', () => {
  const here = useApp('sqlite', { METRICS_TOKEN, LOG_LEVEL: 'debug' });

  const scrape = (headers: Headers = {}, on = here.app): Promise<Answer> => on.anyone.get('/metrics', headers);

  it('are shown to this machine without a token, whatever its other headers are', async () => {
    expectMetrics(await scrape());
    expectMetrics(await scrape({ authorization: 'Bearer of-something-else' }));
  });

  it('are shown with the token', async () => {
    expectMetrics(await scrape(bearer(METRICS_TOKEN)));
    expectMetrics(await scrape({ ...FROM_AFAR, authorization: `bearer  ${METRICS_TOKEN} ` }));
  });

  it('are not shown to other machines without one', async () => {
    const answer = await scrape(FROM_AFAR);

    expectProblem(answer, 401, 'not-signed-in', { instance: '/metrics', detail: /METRICS_TOKEN/ });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['is wrong', `Bearer ${METRICS_TOKEN}x`],
    ['is the beginning of it', `Bearer ${METRICS_TOKEN.slice(0, -1)}`],
    ['is in another case', `Bearer ${METRICS_TOKEN.toUpperCase()}`],
    ['has no scheme', METRICS_TOKEN],
    ['has another scheme', `Basic ${METRICS_TOKEN}`],
    ['comes twice', `Bearer ${METRICS_TOKEN} ${METRICS_TOKEN}`],
    ['is empty', ''],
  ])('are not shown to other machines with one that %s', async (_what, authorization) => {
    const answer = await scrape({ ...FROM_AFAR, authorization });

    expectProblem(answer, 401, 'token-invalid', { instance: '/metrics', detail: /METRICS_TOKEN/ });
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  it('are hidden from operators on other machines: they have a different token', async () => {
    const { token } = await here.app.operator();

    expectProblem(await scrape(bearer(token)), 401, 'token-invalid');
  });

  it.each([
    ['X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
    ['Forwarded', { forwarded: 'for=203.0.113.7' }],
    ['X-Real-IP', { 'x-real-ip': '203.0.113.7' }],
  ])('are not shown behind a proxy on this machine: %s', async (_name, headers) => {
    expectProblem(await scrape(headers), 401, 'not-signed-in');
  });

  it('are not shown to machines that claim to be this one, with TRUST_PROXY', async () => {
    const behind = await TestApp.start(here.app.database, { METRICS_TOKEN, TRUST_PROXY: 'true' });

    const answers = [
      await scrape(FROM_AFAR, behind),
      await scrape({ 'x-forwarded-for': '127.0.0.1' }, behind),
      await scrape({ 'x-forwarded-for': '127.0.0.1, 203.0.113.7' }, behind),
      await scrape({ 'x-forwarded-for': '203.0.113.7, ::1' }, behind),
    ];
    const local = await scrape({}, behind);
    const allowed = await scrape(bearer(METRICS_TOKEN), behind);
    await behind.close();

    for (const answer of answers) expectProblem(answer, 401, 'not-signed-in');
    expectMetrics(local);
    expectMetrics(allowed);
  });

  it('explain what to do when there is no token', async () => {
    const untold = await TestApp.start(here.app.database);

    const answers = [await scrape(FROM_AFAR, untold), await scrape(bearer(METRICS_TOKEN), untold)];
    const local = await scrape({}, untold);
    await untold.close();

    for (const answer of answers) {
      expectProblem(answer, 403, 'forbidden', { instance: '/metrics', detail: /METRICS_TOKEN is not set\. Set it/ });
    }
    expectMetrics(local);
  });

  it('never reveal the token, neither in an answer nor in the log', () => {
    expect(capturedLog.lines.length).toBeGreaterThan(10);
    expect(capturedLog.text).not.toContain(METRICS_TOKEN);
    for (const { text, headers } of here.app.answers) {
      expect(text).not.toContain(METRICS_TOKEN);
      expect(JSON.stringify(headers)).not.toContain(METRICS_TOKEN);
    }
  });
});
