import { configureHttp, HttpAdapter } from '@leftfold/http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { AppModule } from '../src/app.module.js';
import { testDatabase, type TestDatabase } from './database.js';

const REQUEST_KEY = 'a key of the tests, long enough for them';

describe('tasks', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    database = await testDatabase();
    const module = await Test.createTestingModule({
      imports: [AppModule.forRoot(database.url, REQUEST_KEY)],
    }).compile();
    app = await configureHttp(module.createNestApplication<NestFastifyApplication>(new HttpAdapter()));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app.close();
    await database.remove();
  });

  it('are added, completed and looked up', async () => {
    const added = await request(url).post('/tasks').send({ title: 'Water the plants' }).expect(201);
    const { taskId } = added.body as { taskId: string };
    const completed = await request(url).post(`/tasks/${taskId}/complete`).expect(200);

    // The read model is updated after the command. The header asks for an answer that includes the command.
    const { body } = await request(url)
      .get(`/tasks/${taskId}`)
      .set('Leftfold-Min-Position', completed.headers['leftfold-position'] as string)
      .expect(200);

    expect(body).toMatchObject({ taskId, title: 'Water the plants', version: 2 });
    expect((body as { completedAt: string | null }).completedAt).not.toBeNull();
  });

  it('are among the links of the address that the start prints', async () => {
    const { body } = await request(url).get('/').expect(200);
    const { links } = body as { links: { tasks: string } };

    expect(links).toMatchObject({ docs: '/docs', openApi: '/docs-json' });
    await request(url).get(links.tasks).expect(200);
  });

  it('need a title', async () => {
    const { body } = await request(url).post('/tasks').send({ title: '' }).expect(400);

    expect(body).toMatchObject({ type: 'validation-failed' });
  });
});
