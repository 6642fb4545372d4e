import { SettingsError } from './settings.error.js';
import { Settings } from './settings.js';
import { Variables } from './variables.js';

const SECRET = 'x'.repeat(32);

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

it('needs nothing in development, and says that it made up a secret', () => {
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
    readyLagLimit: 10_000,
    jwtTtl: 3_600_000,
    rateLimits: true,
  });
  expect(settings.operator).toBeUndefined();
  expect(settings.jwtSecret).not.toBe(read().jwtSecret);
  expect(settings.warnings).toEqual([expect.stringContaining('JWT_SECRET')]);
});

it('keeps the read models beside the log, unless they are somewhere else', () => {
  const beside = read({ DATABASE_URL: 'sqlite:./x/log.sqlite' });
  expect(beside.views).toMatchObject({ kind: 'sqlite', path: expect.stringMatching(/x[\\/]views\.sqlite$/) });

  const url = 'postgres://a:b@c/d';
  expect(read({ DATABASE_URL: url }).views).toEqual({ kind: 'postgres', url });
  expect(read({ VIEWS_DATABASE_URL: url }).views).toEqual({ kind: 'postgres', url });
});

it('reads what is set, and takes an empty variable for one that is not', () => {
  const settings = read({
    PORT: ' 0 ',
    HOST: '',
    JWT_SECRET: SECRET,
    JWT_TTL: '15m',
    EVENT_SIZE_LIMIT: '1.5 KB',
    READ_WAIT_LIMIT: '250',
    TRUST_PROXY: 'true',
    RATE_LIMITS: 'off',
    OPERATOR_EMAIL: 'op@leftfold.example',
    OPERATOR_PASSWORD: ' ten chars ',
  });

  expect(settings).toMatchObject({
    port: 0,
    host: '127.0.0.1',
    jwtSecret: SECRET,
    jwtTtl: 900_000,
    eventSizeLimit: 1_536,
    readWaitLimit: 250,
    trustedProxies: 1,
    rateLimits: false,
    operator: { email: 'op@leftfold.example', password: ' ten chars ' },
  });
  expect(settings.warnings).toEqual([expect.stringContaining('RATE_LIMITS')]);
});

it.each([
  ['PORT', { PORT: 'abc' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '1e3' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://root:s3cret@db/x' }],
  ['VIEWS_DATABASE_URL', { VIEWS_DATABASE_URL: 'sqlite:' }],
  ['ROLE', { ROLE: 'boss' }],
  ['NODE_ENV', { NODE_ENV: 'prod' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ['JWT_SECRET', { NODE_ENV: 'production' }],
  ['JWT_SECRET', { JWT_SECRET: 's3cret' }],
  ['JWT_TTL', { JWT_TTL: 'soon' }],
  ['JWT_TTL', { JWT_TTL: '10ms' }],
  ['READ_WAIT_LIMIT', { READ_WAIT_LIMIT: '-5s' }],
  ['READ_WAIT_LIMIT', { READ_WAIT_LIMIT: '5'.repeat(200) }],
  ['LEASE_TTL', { LEASE_TTL: '0' }],
  ['EVENT_SIZE_LIMIT', { EVENT_SIZE_LIMIT: '1tb' }],
  ['EVENT_SIZE_LIMIT', { EVENT_SIZE_LIMIT: '10' }],
  ['READY_LAG_LIMIT', { READY_LAG_LIMIT: 'many' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'yes' }],
  ['TRUST_PROXY', { TRUST_PROXY: '11' }],
  ['RATE_LIMITS', { RATE_LIMITS: 'no' }],
  ['OPERATOR_EMAIL', { OPERATOR_PASSWORD: 's3cret-word' }],
  ['OPERATOR_EMAIL', { OPERATOR_EMAIL: 'nobody', OPERATOR_PASSWORD: 's3cret-word' }],
  ['OPERATOR_PASSWORD', { OPERATOR_EMAIL: 'op@leftfold.example' }],
  ['OPERATOR_PASSWORD', { OPERATOR_EMAIL: 'op@leftfold.example', OPERATOR_PASSWORD: 's3cret' }],
] as [string, Record<string, string>][])('refuses with one sentence that begins with %s: %j', (variable, env) => {
  const { message } = refusal(env);

  expect(message).toMatch(new RegExp(`^${variable} [^\\n]+\\.$`));
  expect(message).not.toContain('s3cret');
});
