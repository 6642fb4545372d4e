import { describeSmtpServer } from './mail-variables.js';
import { SettingsError } from './settings.error.js';
import { Settings } from './settings.js';
import { Variables } from './variables.js';

const SECRET = 'only-for-tests-and-long-enough-for-HS256';

const read = (env: Record<string, string> = {}): Settings => new Settings(new Variables((name) => env[name]));

function refusal(env: Record<string, string>): SettingsError {
  try {
    read(env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('The settings were accepted.');
}

it('needs no variable in development, and warns that it made up a secret', () => {
  const settings = read();

  expect(settings).toMatchObject({
    environment: 'development',
    logLevel: 'info',
    port: 3000,
    host: '127.0.0.1',
    trustedProxies: 0,
    role: 'all',
    readWaitLimit: 5_000,
    eventSizeLimit: 1_048_576,
    leaseTtl: 10_000,
    restartPauseLimit: 300_000,
    readyLagLimit: 10_000,
    replicaLagLimit: 10_000,
    jwtTtl: 3_600_000,
    rateLimits: true,
    mail: { from: { name: 'Leftfold', address: 'no-reply@localhost' } },
  });
  expect(settings.mail.server).toBeUndefined();
  expect(settings.nats).toBeUndefined();
  expect(settings.operator).toBeUndefined();
  expect(settings.metricsToken).toBeUndefined();
  expect(settings.jwtSecret).not.toBe(read().jwtSecret);
  expect(settings.warnings).toEqual([expect.stringContaining('JWT_SECRET')]);
});

it('keeps the read models in the log’s database, unless another one is set', () => {
  const beside = read({ DATABASE_URL: 'sqlite:./x/log.sqlite' });
  expect(beside.views).toMatchObject({ kind: 'sqlite', path: expect.stringMatching(/x[\\/]views\.sqlite$/) });

  const url = 'postgres://a:b@c/d';
  expect(read({ DATABASE_URL: url }).views).toEqual({ kind: 'postgres', url });
  expect(read({}).tablePrefix).toBeUndefined();
  expect(read({ TABLE_PREFIX: 'none' }).tablePrefix).toBe('');
  expect(read({ TABLE_PREFIX: 'shop_', DATABASE_SCHEMA: 'shop' })).toMatchObject({
    tablePrefix: 'shop_',
    schema: 'shop',
  });
  expect(read({ VIEWS_DATABASE_URL: url }).views).toEqual({ kind: 'postgres', url });
});

it('reads replicas of the read models', () => {
  const [one, two] = ['postgres://a:b@c/d', 'postgres://a:b@e:5433/d'];
  expect(read({}).viewsReplicas).toEqual([]);
  expect(read({ DATABASE_URL: one, VIEWS_REPLICA_URLS: `${two}, ${one},` }).viewsReplicas).toEqual([
    { kind: 'postgres', url: two },
    { kind: 'postgres', url: one },
  ]);
});

it('reads the name and the limit of this node', () => {
  expect(read({}).node).toEqual({});
  const env = { DATABASE_URL: 'postgres://a:b@c/d', LEFTFOLD_NODE_ID: 'orders-1', PARTITIONS_PER_NODE: '512' };
  expect(read(env).node).toEqual({ name: 'orders-1', partitions: 512 });
});

it('reads each variable, and treats an empty one as not set', () => {
  const settings = read({
    PORT: ' 0 ',
    HOST: '',
    JWT_SECRET: SECRET,
    JWT_TTL: '15m',
    EVENT_SIZE_LIMIT: '1.5 KB',
    AGGREGATE_MEMORY: '0',
    READ_WAIT_LIMIT: '250',
    TRUST_PROXY: 'true',
    HEADERS_TIMEOUT: '2s',
    REQUEST_TIMEOUT: '5s',
    CONNECTIONS_PER_ADDRESS: '20',
    RATE_LIMITS: 'off',
    OPERATOR_EMAIL: 'op@leftfold.example',
    OPERATOR_PASSWORD: ' ten chars ',
    METRICS_TOKEN: '!sixteen-signs.~',
  });

  expect(settings).toMatchObject({
    port: 0,
    host: '127.0.0.1',
    jwtSecret: SECRET,
    jwtTtl: 900_000,
    eventSizeLimit: 1_536,
    aggregateMemory: 0,
    readWaitLimit: 250,
    trustedProxies: 1,
    connections: { headers: 2_000, request: 5_000, perAddress: 20 },
    rateLimits: false,
    operator: { email: 'op@leftfold.example', password: ' ten chars ' },
    metricsToken: '!sixteen-signs.~',
  });
  expect(settings.warnings).toEqual([expect.stringContaining('RATE_LIMITS')]);
});

it.each([
  [{}, true],
  [{ DOCS: 'off' }, false],
  [{ NODE_ENV: 'production', JWT_SECRET: SECRET }, false],
  [{ NODE_ENV: 'production', JWT_SECRET: SECRET, DOCS: 'on' }, true],
] as [Record<string, string>, boolean][])('serves the docs, in production only when asked to: %j', (env, docs) => {
  expect(read(env).docs).toBe(docs);
});

it.each(['0123456789abcdef'.repeat(2), 'c3VjaCBhcyBvcGVuc3NsIHJhbmQgcHJpbnRz'])(
  'accepts random characters in any notation as a secret in production: %s',
  (JWT_SECRET) => expect(read({ NODE_ENV: 'production', JWT_SECRET }).jwtSecret).toBe(JWT_SECRET),
);

it.each([
  ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false }],
  ['smtps://mail.example/', { host: 'mail.example', port: 465, secure: true }],
  ['smtp://[::1]:25', { host: '::1', port: 25, secure: false }],
  [
    'smtp://ann%40x:p%3Aa%25@mail_1:2525',
    { host: 'mail_1', port: 2525, secure: false, user: 'ann@x', password: 'p:a%' },
  ],
])('reads where mails go: %s', (url, server) => {
  expect(read({ SMTP_URL: url }).mail.server).toEqual(server);
});

it.each([
  [{ NATS_URL: 'nats://broker' }, { servers: ['nats://broker'], categories: undefined }],
  [
    { NATS_URL: 'tls://ann:s3cret@one:4222, tls://two', NATS_CATEGORIES: 'order, product' },
    { servers: ['tls://ann:s3cret@one:4222', 'tls://two'], categories: ['order', 'product'] },
  ],
  [
    { NATS_URL: 'nats://one', NATS_CREDENTIALS_FILE: './a.creds' },
    { servers: ['nats://one'], login: { kind: 'creds', variable: 'NATS_CREDENTIALS_FILE', file: './a.creds' } },
  ],
  [
    { NATS_URL: 'nats://one', NATS_NKEY_FILE: './a.nk' },
    { servers: ['nats://one'], login: { kind: 'nkey', variable: 'NATS_NKEY_FILE', file: './a.nk' } },
  ],
])('reads where events are published: %j', (env, nats) => {
  expect(read(env as Record<string, string>).nats).toEqual(nats);
});

it('shows the mail server without user and password', () => {
  const shown = (url: string): string => describeSmtpServer(read({ SMTP_URL: url }).mail.server!);

  expect(shown('smtp://ann:s3cret@mail.example')).toBe('smtp://mail.example:587');
  expect(shown('smtps://[::1]:1465')).toBe('smtps://[::1]:1465');
});

it.each([
  ['no-reply@leftfold.example', { name: '', address: 'no-reply@leftfold.example' }],
  ['Leftfold <no-reply@localhost>', { name: 'Leftfold', address: 'no-reply@localhost' }],
  ['"Left, fold" <a@b.example>', { name: 'Left, fold', address: 'a@b.example' }],
])('reads the sender of mails: %s', (from, mailbox) => {
  expect(read({ MAIL_FROM: from }).mail.from).toEqual(mailbox);
});

it('in production needs a sender when mails are sent to a server, but not when they are written to files', () => {
  const env = { NODE_ENV: 'production', JWT_SECRET: SECRET };

  expect(refusal({ ...env, SMTP_URL: 'smtp://mail.example' }).variable).toBe('MAIL_FROM');
  expect(read(env).mail.server).toBeUndefined();
  expect(read({ ...env, SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'a@b.example' }).mail.server).toBeDefined();
});

it.each([
  ['PORT', { PORT: 'abc' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '1e3' }],
  ['NATS_URL', { NATS_URL: 'broker:4222' }],
  ['NATS_URL', { NATS_URL: 'http://ann:s3cret@broker' }],
  ['NATS_URL', { NATS_URL: 'nats://ann:s3cret%@broker' }],
  ['NATS_URL', { NATS_URL: 'nats://broker/s3cret' }],
  ['NATS_CATEGORIES', { NATS_CATEGORIES: 'order' }],
  ['NATS_CATEGORIES', { NATS_URL: 'nats://broker', NATS_CATEGORIES: 'or der' }],
  ['NATS_NKEY_FILE', { NATS_NKEY_FILE: './a.nk' }],
  ['NATS_NKEY_FILE', { NATS_URL: 'nats://broker', NATS_NKEY_FILE: './a.nk', NATS_CREDENTIALS_FILE: './a.creds' }],
  ['NATS_CREDENTIALS_FILE', { NATS_URL: 'nats://ann:s3cret@broker', NATS_CREDENTIALS_FILE: './a.creds' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://root:s3cret@db/x' }],
  ['VIEWS_DATABASE_URL', { VIEWS_DATABASE_URL: 'sqlite:' }],
  ['VIEWS_REPLICA_URLS', { VIEWS_REPLICA_URLS: 'postgres://ann:s3cret@c/d' }],
  ['VIEWS_REPLICA_URLS', { DATABASE_URL: 'postgres://a:b@c/d', VIEWS_REPLICA_URLS: 'sqlite:s3cret' }],
  [
    'VIEWS_REPLICA_URLS',
    { DATABASE_URL: 'postgres://a:b@c/d', VIEWS_REPLICA_URLS: 'postgres://a:s3cret@c/d,http://x' },
  ],
  ['LEFTFOLD_NODE_ID', { LEFTFOLD_NODE_ID: 'orders/1' }],
  ['PARTITIONS_PER_NODE', { PARTITIONS_PER_NODE: '512' }],
  ['PARTITIONS_PER_NODE', { DATABASE_URL: 'postgres://a:b@c/d', PARTITIONS_PER_NODE: '0' }],
  ['REPLICA_LAG_LIMIT', { REPLICA_LAG_LIMIT: '0' }],
  ['ROLE', { ROLE: 'boss' }],
  ['NODE_ENV', { NODE_ENV: 'prod' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ['JWT_SECRET', { NODE_ENV: 'production' }],
  ['JWT_SECRET', { JWT_SECRET: 's3cret' }],
  ['JWT_SECRET', { NODE_ENV: 'production', JWT_SECRET: 's3cret'.repeat(8) }],
  ['DOCS', { DOCS: 'yes' }],
  ['JWT_TTL', { JWT_TTL: 'soon' }],
  ['JWT_TTL', { JWT_TTL: '10ms' }],
  ['AGGREGATE_MEMORY', { AGGREGATE_MEMORY: '-1' }],
  ['READ_WAIT_LIMIT', { READ_WAIT_LIMIT: '-5s' }],
  ['READ_WAIT_LIMIT', { READ_WAIT_LIMIT: '5'.repeat(200) }],
  ['LEASE_TTL', { LEASE_TTL: '0' }],
  ['LEASE_TTL', { LEASE_TTL: '11m' }],
  ['RESTART_PAUSE_LIMIT', { RESTART_PAUSE_LIMIT: '999ms' }],
  ['RESTART_PAUSE_LIMIT', { RESTART_PAUSE_LIMIT: '25h' }],
  ['EVENT_SIZE_LIMIT', { EVENT_SIZE_LIMIT: '1tb' }],
  ['EVENT_SIZE_LIMIT', { EVENT_SIZE_LIMIT: '10' }],
  ['READY_LAG_LIMIT', { READY_LAG_LIMIT: 'many' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'yes' }],
  ['TRUST_PROXY', { TRUST_PROXY: '11' }],
  ['ORDER_LINES_PER_MINUTE', { ORDER_LINES_PER_MINUTE: '49' }],
  ['HEADERS_TIMEOUT', { HEADERS_TIMEOUT: '11m' }],
  ['REQUEST_TIMEOUT', { REQUEST_TIMEOUT: '500' }],
  ['REQUEST_TIMEOUT', { REQUEST_TIMEOUT: '20s', HEADERS_TIMEOUT: '21s' }],
  ['CONNECTIONS_PER_ADDRESS', { CONNECTIONS_PER_ADDRESS: '9' }],
  ['RATE_LIMITS', { RATE_LIMITS: 'no' }],
  ['SMTP_URL', { SMTP_URL: 'mail.example' }],
  ['SMTP_URL', { SMTP_URL: 'http://ann:s3cret@mail.example' }],
  ['SMTP_URL', { SMTP_URL: 'smtp:ann:s3cret@mail.example' }],
  ['SMTP_URL', { SMTP_URL: 'smtp://ann:s3cret@' }],
  ['SMTP_URL', { SMTP_URL: 'smtp://ann:s3cret@mail.example:99999' }],
  ['SMTP_URL', { SMTP_URL: 'smtp://ann:s3cret@mail.example/path' }],
  ['SMTP_URL', { SMTP_URL: 'smtp://ann:s3cret@mail.example?pool=true' }],
  ['SMTP_URL', { SMTP_URL: 'smtp://ann:s3cret%zz@mail.example' }],
  ['MAIL_FROM', { NODE_ENV: 'production', JWT_SECRET: SECRET, SMTP_URL: 'smtp://ann:s3cret@mail.example' }],
  ['MAIL_FROM', { MAIL_FROM: 'Leftfold' }],
  ['MAIL_FROM', { MAIL_FROM: 'Leftfold <no-reply>' }],
  ['MAIL_FROM', { MAIL_FROM: 'a@b.example, c@d.example' }],
  ['MAIL_FROM', { MAIL_FROM: 'Left\nfold <a@b.example>' }],
  ['METRICS_TOKEN', { METRICS_TOKEN: 's3cret-15-signs' }],
  ['METRICS_TOKEN', { METRICS_TOKEN: 's3cret with blanks in it' }],
  ['METRICS_TOKEN', { METRICS_TOKEN: 's3cret-that-ends-with-a-line\n' }],
  ['METRICS_TOKEN', { METRICS_TOKEN: 's3cret-with-a-bell-\u0007' }],
  ['METRICS_TOKEN', { METRICS_TOKEN: 's3cret-of-the-mäuse' }],
  ['OPERATOR_EMAIL', { OPERATOR_PASSWORD: 's3cret-word' }],
  ['OPERATOR_EMAIL', { OPERATOR_EMAIL: 'nobody', OPERATOR_PASSWORD: 's3cret-word' }],
  ['OPERATOR_PASSWORD', { OPERATOR_EMAIL: 'op@leftfold.example' }],
  ['OPERATOR_PASSWORD', { OPERATOR_EMAIL: 'op@leftfold.example', OPERATOR_PASSWORD: 's3cret' }],
] as [string, Record<string, string>][])('refuses with one sentence that begins with %s: %j', (variable, env) => {
  const { message } = refusal(env);

  expect(message).toMatch(new RegExp(`^${variable} [^\\n]+\\.$`));
  expect(message).not.toContain('s3cret');
});
