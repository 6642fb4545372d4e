import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { jest } from '@jest/globals';
import { SwaggerModule } from '@nestjs/swagger';
import { Client } from '../../src/platform/testing/client.js';
import { startThings, USER_ID } from '../../src/platform/testing/things-app.js';

let app: NestFastifyApplication;
let client: Client;

beforeAll(async () => {
  app = await startThings();
  client = new Client(app.getHttpServer());
});

afterAll(() => app.close());

const PATH = `/things/${USER_ID}`;

describe('answers carry', () => {
  it('a command returns its position and version', async () => {
    const { headers } = await client.post('/things', { email: 'a@b.example', name: 'a' });

    expect(headers).toMatchObject({ 'leftfold-position': '7', etag: '"3"' });
  });

  it('one resource has an entity tag, and 304 for a matching If-None-Match', async () => {
    const first = await client.get(PATH);
    expect(first.headers).toMatchObject({ etag: '"4"', 'cache-control': 'private, no-cache' });

    for (const tag of ['"4"', 'W/"4"', '"1", "4"', '*']) {
      expect(await client.get(PATH, { 'if-none-match': tag })).toMatchObject({
        status: 304,
        text: '',
        headers: { etag: '"4"', 'cache-control': 'private, no-cache' },
      });
    }
    for (const tag of ['"3"', '"5"', '4', '']) {
      expect(await client.get(PATH, { 'if-none-match': tag })).toMatchObject({ status: 200, body: { version: 4 } });
    }
  });

  it.each(['version=2', 'at=2026-01-31T12:00:00Z'])('a past state (?%s) has none', async (query) => {
    const past = await client.get(`${PATH}?${query}`, { 'if-none-match': '"4"' });

    expect(past.status).toBe(200);
    expect(past.headers).not.toHaveProperty('etag');
  });

  it.each(['/things', '/nowhere', '/docs-json'])('are safe ones: %s', async (path) => {
    const { headers } = await client.get(path);

    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('the OpenAPI document', () => {
  it('knows routes, problems and the bearer token', async () => {
    const { body } = await client.get('/docs-json');

    expect(body).toMatchObject({
      info: { title: 'Leftfold' },
      components: { schemas: { Problem: {} }, securitySchemes: { bearer: { scheme: 'bearer' } } },
      paths: { '/things/{thingId}': {} },
    });
  });

  it('is built when it is first asked for, and only then', async () => {
    const built = jest.spyOn(SwaggerModule, 'createDocument');
    const fresh = await startThings();
    const reader = new Client(fresh.getHttpServer());
    try {
      expect(built).not.toHaveBeenCalled();
      for (const path of ['/docs-json', '/docs-json', '/docs']) await reader.get(path);
      expect(built).toHaveBeenCalledTimes(1);
    } finally {
      built.mockRestore();
      await fresh.close();
    }
  });

  it('can be read in a browser', async () => {
    const page = await client.get('/docs');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('text/html') } });
    for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'swagger-ui-init.js']) {
      expect(await client.get(`/docs/${file}`)).toMatchObject({ status: 200 });
    }
  });
});
