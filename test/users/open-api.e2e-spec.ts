import { TestApp } from '../support/test-app.js';
import { undocumentedIn } from './undocumented.js';

interface Operation {
  readonly operationId: string;
  readonly parameters?: { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: object;
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, object>; readonly headers?: object }
  >;
  readonly security?: Record<string, unknown>[];
}

interface Document {
  readonly openapi: string;
  readonly info: object;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const ROUTES = {
  'POST /users': { success: '201', isPublic: true, problems: ['409'] },
  'GET /users': { success: '200', problems: ['403'] },
  'GET /users/me': { success: '200', problems: [] },
  'GET /users/{userId}': { success: '200', problems: ['404', '410'] },
  'GET /users/{userId}/history': { success: '200', problems: ['404'] },
  'PUT /users/{userId}/email': { success: '200', problems: ['401', '409', '412', '429'] },
  'PUT /users/{userId}/password': { success: '200', problems: ['401', '412', '429'] },
  'DELETE /users/{userId}/sessions': { success: '204', problems: ['404', '412'], produces: null },
  'PUT /users/{userId}/username': { success: '200', problems: ['409', '412'] },
  'POST /users/{userId}/reversion': { success: '200', problems: ['404', '409', '412'] },
  'POST /users/{userId}/erasure': { success: '200', problems: ['401', '404', '409', '412', '429'] },
  'GET /users/{userId}/personal-data': { success: '200', problems: ['404', '410'] },
  'PUT /users/{userId}/roles/{role}': { success: '200', problems: ['403', '404', '410'] },
  'DELETE /users/{userId}/roles/{role}': { success: '200', problems: ['403', '404', '409'] },
  'POST /sessions': { success: '201', isPublic: true, problems: ['401', '429'] },
  'DELETE /sessions/current': { success: '204', problems: [], produces: null },
  'POST /password-resets': { success: '202', isPublic: true, problems: [], produces: null },
  'POST /password-resets/redemption': { success: '200', isPublic: true, problems: ['401'] },
  'GET /events': { success: '200', problems: ['403'] },
  'GET /events/live': { success: '200', problems: ['403'], produces: 'text/event-stream' },
  'GET /streams/{stream}': { success: '200', problems: ['403', '404'] },
  'POST /products': { success: '201', problems: ['403', '409'] },
  'POST /products/{sku}/stock': { success: '200', problems: ['403', '404', '412'] },
  'GET /products': { success: '200', isPublic: true, problems: [] },
  'GET /products/{sku}': { success: '200', isPublic: true, problems: ['404'] },
  'GET /products/{sku}/history': { success: '200', problems: ['403', '404'] },
  'POST /orders': { success: '201', problems: ['403', '422'] },
  'GET /orders': { success: '200', problems: [] },
  'GET /orders/{orderId}': { success: '200', problems: ['404'] },
  'GET /orders/{orderId}/history': { success: '200', problems: ['404'] },
  'POST /orders/{orderId}/payment': { success: '200', problems: ['403', '404', '409', '412'] },
  'POST /orders/{orderId}/cancellation': { success: '200', problems: ['404', '409', '412'] },
  'GET /users/{userId}/order-statistics': { success: '200', problems: ['404'] },
  'GET /subscriptions': { success: '200', problems: ['403'] },
  'GET /subscriptions/{name}': { success: '200', problems: ['403', '404'] },
  'POST /subscriptions/{name}/rebuild': { success: '202', problems: ['403', '404', '409'] },
  'POST /subscriptions/{name}/pause': { success: '202', problems: ['403', '404'] },
  'POST /subscriptions/{name}/resume': { success: '202', problems: ['403', '404'] },
  'GET /dead-letters': { success: '200', problems: ['403'] },
  'GET /dead-letters/{id}': { success: '200', problems: ['403', '404'] },
  'POST /dead-letters/{id}/retry': { success: '202', problems: ['403', '404'] },
  'DELETE /dead-letters/{id}': { success: '200', problems: ['403', '404'] },
};

/** Those with a body. */
const WITH_BODY =
  /^POST \/(users|sessions|products|orders$|password-resets.*|.*\/(payment|cancellation|erasure)$)|(email|username|password)$/;

describe('the OpenAPI document', () => {
  let document: Document;
  let root: unknown;

  beforeAll(async () => {
    const app = await TestApp.start('sqlite');
    const answer = await app.anyone.get('/docs-json');
    root = (await app.anyone.get('/')).body;
    await app.close();
    document = answer.body as Document;
  });

  const operations = (): [string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );
  const operationOf = (route: string): Operation => new Map(operations()).get(route)!;

  it('is linked from the root', () => {
    expect(root).toEqual({
      name: 'Leftfold',
      version: '1',
      links: {
        docs: '/docs',
        openApi: '/docs-json',
        live: '/health/live',
        ready: '/health/ready',
        metrics: '/metrics',
      },
    });
  });

  it('is one', () => {
    expect(document.openapi).toMatch(/^3\.\d\.\d$/);
    expect(document.info).toMatchObject({ title: 'Leftfold', version: expect.any(String) });
  });

  it('has every route of users, sign-in, inventory, orders, the log and operations', () => {
    expect(operations().map(([route]) => route)).toEqual(expect.arrayContaining(Object.keys(ROUTES)));
  });

  it.each(Object.entries(ROUTES))('describes the answers of %s', (route, { success, problems, ...more }) => {
    const { responses, security, requestBody } = operationOf(route);

    expect(Object.keys(responses)).toEqual(expect.arrayContaining([success, 'default', ...problems]));
    const produced = 'produces' in more ? more.produces : 'application/json';
    expect(Object.keys(responses[success]?.content ?? {})).toEqual(produced === null ? [] : [produced]);
    for (const status of [...problems, 'default']) {
      expect(responses[status]?.content).toHaveProperty(['application/problem+json']);
      expect(responses[status]?.description).not.toBe('');
    }
    expect(JSON.stringify(security)).toContain('isPublic' in more ? '{}' : '"bearer"');
    expect(requestBody !== undefined).toBe(WITH_BODY.test(route));
  });

  it('declares every path parameter, and no other', () => {
    for (const [route, { parameters = [] }] of operations()) {
      const declared = parameters.filter((each) => each.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(Array.from(route.matchAll(/\{(\w+)\}/g), ([, name]) => name));
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  it('names every parameter of a query', () => {
    const queryOf = (route: string): string[] =>
      (operationOf(route).parameters ?? []).flatMap((each) => (each.in === 'query' ? [each.name] : [])).toSorted();

    expect(queryOf('GET /users')).toEqual(['cursor', 'email', 'limit', 'username']);
    const filters = ['actor', 'category', 'correlationId', 'from', 'to', 'type'];
    expect(queryOf('GET /events')).toEqual(['after', 'limit', ...filters].toSorted());
    expect(queryOf('GET /events/live')).toEqual(['after', ...filters].toSorted());
    expect(queryOf('GET /streams/{stream}')).toEqual(['after', 'limit']);
    expect(queryOf('GET /users/{userId}')).toEqual(['at', 'version']);
    expect(queryOf('GET /users/{userId}/history')).toEqual(['cursor', 'limit']);
    expect(queryOf('GET /products')).toEqual(['cursor', 'limit']);
    expect(queryOf('GET /products/{sku}')).toEqual(['at', 'version']);
    expect(queryOf('GET /products/{sku}/history')).toEqual(['cursor', 'limit']);
    expect(queryOf('GET /orders/{orderId}')).toEqual(['at', 'version']);
    expect(queryOf('GET /orders/{orderId}/history')).toEqual(['cursor', 'limit']);
    expect(queryOf('GET /subscriptions')).toEqual(['cursor', 'limit']);
    expect(queryOf('GET /dead-letters')).toEqual(['cursor', 'limit']);
    expect(queryOf('GET /orders')).toEqual(['cursor', 'limit', 'status']);
  });

  it('says of every operation what it does', () => {
    expect(operations().length).toBeGreaterThan(40);
    expect(undocumentedIn(document)).toEqual([]);
  });

  it('an operation that says nothing is found', () => {
    const [summary, description] = ['List parcels', 'By city.'];
    const get = { summary, description };
    const paths = { '/a': { get, post: { summary } }, '/b': { get: { summary: ' ', description }, parameters: [] } };

    expect(undocumentedIn({ paths })).toEqual(['POST /a', 'GET /b']);
  });

  const OWN = 'X-Correlation-Id';
  const STORED = ['Leftfold-Position', 'ETag'];

  it.each([
    ['GET /events/live', ['Last-Event-ID', OWN], [OWN]],
    ['GET /health/ready', [OWN], [OWN]],
    ['GET /orders', ['Leftfold-Min-Position', OWN], [OWN]],
    ['GET /orders/{orderId}', ['If-None-Match', 'Leftfold-Min-Position', OWN], ['ETag', OWN]],
    ['POST /orders', ['Prefer', 'Idempotency-Key', OWN], [...STORED, 'Idempotent-Replayed', OWN]],
    [
      'POST /orders/{orderId}/cancellation',
      ['Idempotency-Key', 'If-Match', OWN],
      [...STORED, 'Idempotent-Replayed', OWN],
    ],
    ['PUT /users/{userId}/roles/{role}', ['Idempotency-Key', 'If-Match', OWN], [...STORED, 'Idempotent-Replayed', OWN]],
    ['POST /sessions', [OWN], [...STORED, OWN]],
    ['POST /password-resets', [OWN], [OWN]],
    ['POST /subscriptions/{name}/pause', [OWN], [OWN]],
  ])('describes the headers of %s', (route, asked, answered) => {
    const { parameters = [], responses } = operationOf(route);

    expect(parameters.filter((each) => each.in === 'header').map(({ name }) => name)).toEqual(asked);
    const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
    expect(Object.keys(success?.headers ?? {})).toEqual(answered);
    expect(Object.keys(responses.default?.headers ?? {})).toEqual([OWN]);
  });

  it('shows none of the marks that say where headers apply', () => {
    expect(JSON.stringify(document)).not.toContain('x-leftfold-');
  });

  it('has no dangling reference', () => {
    const references = Array.from(JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g));

    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name!);
  });

  it('has a unique name for every operation', () => {
    const names = operations().map(([, { operationId }]) => operationId);

    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['RegisterUserDto', ['email', 'password', 'username']],
    ['SignInDto', ['email', 'password']],
    ['ChangeEmailDto', ['currentPassword', 'email']],
    ['ChangePasswordDto', ['currentPassword', 'newPassword']],
    ['ChangeUsernameDto', ['username']],
  ])('describes the fields of a %s', (name, fields) => {
    const { properties, required } = document.components.schemas[name] as {
      properties: Record<string, object>;
      required: string[];
    };

    expect(required.toSorted()).toEqual(fields);
    expect(Object.keys(properties).toSorted()).toEqual(fields);
    for (const each of Object.values(properties))
      expect(each).toMatchObject({ type: 'string', maxLength: expect.any(Number) });
  });

  it('describes the version of a reversion', () => {
    expect(document.components.schemas.RevertProfileDto).toEqual({
      type: 'object',
      properties: { toVersion: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
      required: ['toVersion'],
    });
  });

  it('describes a user and an event with all their fields', () => {
    expect(document.components.schemas).toMatchObject({
      UserAnswer: {
        required: ['userId', 'username', 'email', 'roles', 'registeredAt', 'lastLoginTime', 'version'],
      },
      EventItem: {
        required: expect.arrayContaining(['position', 'stream', 'version', 'type', 'data', 'recordedAt', 'actor']),
      },
      Problem: { required: ['type', 'title', 'status', 'detail', 'instance'] },
    });
  });

  it.each([
    ['ProductAnswer', 'sku name unitPrice available reserved version'],
    ['OrderAnswer', 'orderId customerId status reason lines total placedAt version'],
    ['OrderLineAnswer', 'sku quantity unitPrice'],
    ['OrderStatisticsAnswer', 'userId orders paidOrders paidTotals'],
    ['MoneyAnswer', 'amount currency'],
    ['AddProductDto', 'sku name unitPrice stock'],
    ['AddStockDto', 'quantity'],
    ['PlaceOrderDto', 'lines'],
    ['OrderLineDto', 'sku quantity'],
    ['PayOrderDto', 'reference'],
    ['CancelOrderDto', 'reason'],
    [
      'SubscriptionAnswer',
      'name kind state position lag pendingCommands scheduledCommands handled parked discarded owner ranges lastError restarts restartAt unattended rebuild',
    ],
    ['ScheduleAnswer', 'id saga key command dueAt stream correlationId'],
    ['RecurringJobAnswer', 'name state schedule missed nextDue lastRun'],
    ['RebuildAnswer', 'state dryRun position target progress startedAt finishedAt error comparison'],
    ['TableComparisonAnswer', 'table added removed changed examples'],
    ['RowDifferenceAnswer', 'change key before after'],
    [
      'DeadLetterAnswer',
      'id kind subscription position stream version type attempts firstFailedAt lastFailedAt error stack waiting',
    ],
  ])('describes a %s with all its fields', (name, fields) => {
    expect(document.components.schemas[name]).toMatchObject({ required: fields.split(' ') });
  });
});

it.each(['/docs', '/docs-json'])('DOCS=off: there is no %s', async (path) => {
  const closed = await TestApp.start('sqlite', { DOCS: 'off' });
  const { status } = await closed.anyone.get(path);
  await closed.close();
  expect(status).toBe(404);
});
