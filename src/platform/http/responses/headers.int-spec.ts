import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ask } from '../../testing/ask.js';
import { startThings, USER_ID } from '../../testing/things-app.js';

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await startThings();
});

afterAll(() => app.close());

const THING = JSON.stringify({ email: 'a@b.example', name: 'a' });

describe('answers carry', () => {
  it('a command tells its position and version', async () => {
    expect(
      (
        await ask(app, {
          method: 'POST',
          url: '/things',
          payload: THING,
          headers: { 'content-type': 'application/json' },
        })
      ).headers,
    ).toMatchObject({ 'leftfold-position': '7', etag: '"3"' });
  });

  it('one thing has an entity tag, and 304 for who has it', async () => {
    const url = `/things/${USER_ID}`;
    const first = await ask(app, { url });
    expect(first.headers).toMatchObject({ etag: '"4"', 'cache-control': 'private, no-cache' });

    for (const tag of ['"4"', 'W/"4"', '"1", "4"', '*']) {
      const again = await ask(app, { url, headers: { 'if-none-match': tag } });
      expect(again).toMatchObject({
        status: 304,
        text: '',
        headers: { etag: '"4"', 'cache-control': 'private, no-cache' },
      });
    }
    expect(await ask(app, { url, headers: { 'if-none-match': '"5"' } })).toMatchObject({ status: 200 });
  });

  it.each(['version=2', 'at=2026-01-31T12:00:00Z'])('a past state (?%s) has none', async (query) => {
    const past = await ask(app, { url: `/things/${USER_ID}?${query}`, headers: { 'if-none-match': '"4"' } });

    expect(past.status).toBe(200);
    expect(past.headers).not.toHaveProperty('etag');
  });

  it('are safe ones', async () => {
    for (const url of ['/things', '/nowhere', '/docs-json']) {
      const { headers } = await ask(app, { url });
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });
});

describe('the OpenAPI document', () => {
  it('knows routes, problems and the bearer token', async () => {
    const { body } = await ask(app, { url: '/docs-json' });

    expect(body).toMatchObject({
      info: { title: 'Leftfold' },
      components: { schemas: { Problem: {} }, securitySchemes: { bearer: { scheme: 'bearer' } } },
    });
    expect(Object.keys(body.paths as object)).toContain('/things/{thingId}');
  });

  it('can be read in a browser', async () => {
    const page = await ask(app, { url: '/docs' });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('text/html') } });
    for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'swagger-ui-init.js']) {
      expect(await ask(app, { url: `/docs/${file}` })).toMatchObject({ status: 200 });
    }
  });
});
