import { ResetTokens } from '../../src/users/credentials/reset-tokens.js';
import type { SubscriptionAnswer } from '../../packages/operations/src/subscriptions/subscription.answer.js';
import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { addProduct, confirmed } from '../orders/shop.js';
import { until } from '../operations/operating.js';
import { type Client, since } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { type Person, someNames } from '../support/people.js';
import { cosignedCheckpoint } from '../support/cosigned-checkpoint.js';
import { RECURRING_JOB } from '../support/recurring-job.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import type { TestApp } from '../support/test-app.js';

/** A read model that no other request of the tests needs. */
export const STEERED = 'orders.customer-order-statistics';
const SIDE_EFFECT = 'users.welcome-mail';
const GONE = 'users.greeting';

/** The resources of requests: they exist, and belong to one owner where they have one. */
export interface Things {
  readonly owner: Person;
  readonly sku: string;
  readonly orderId: string;
  readonly deadLetter: string;
  readonly gone: string;
  readonly schedule: string;
  /** From the mail for a forgotten password. */
  readonly resetToken: string;
  /** A checkpoint that a witness has signed. */
  readonly cosigned: string;
}

export async function makeProduct(app: TestApp): Promise<string> {
  return addProduct(app, 1_000);
}

/** @param operation the operation that needs them; values that it does not name are not made */
export async function makeThings(app: TestApp, sku: string, operation: string): Promise<Things> {
  const owner = await app.customer();
  await app.caughtUpWith(owner.signedIn);
  const url = app.database.url;
  const names = (text: string): boolean => operation.includes(text);
  return {
    owner,
    sku,
    orderId: names('/orders') ? await confirmed(owner, { sku, quantity: 1 }) : '',
    deadLetter: names('/dead-letters') ? await leaveDeadLetter(url, owner, SIDE_EFFECT) : '',
    gone: names('/gone-subscriptions') ? await leaveGoneSubscription(url, owner) : '',
    schedule: names('/schedules') ? await leaveSchedule(url, owner) : '',
    resetToken: names('/redemption') ? await askForReset(app, owner) : '',
    cosigned: names('/cosignatures') ? await cosignedCheckpoint(app) : '',
  };
}

/** A valid value of each path parameter. */
export function parametersOf(
  path: string,
  { owner, sku, orderId, deadLetter, gone, schedule }: Things,
): Readonly<Record<string, string>> {
  return {
    userId: owner.userId,
    sku,
    orderId,
    id: path.startsWith('/schedules') ? schedule : deadLetter,
    role: 'operator',
    correlationId: 'a-story',
    stream: `user-${owner.userId}`,
    name: nameFor(path, gone),
    position: '1',
    path: '0/000.p/1',
  };
}

function nameFor(path: string, gone: string): string {
  if (path.startsWith('/recurring')) return RECURRING_JOB;
  return path.startsWith('/gone-subscriptions') ? gone : STEERED;
}

/** A valid body for a caller, by its name in the OpenAPI document. */
export function bodyOf(dto: string, { owner, sku, resetToken, cosigned }: Things, caller: Client): object | undefined {
  const { email, password: currentPassword } = owner;
  const { username, email: newEmail, password: newPassword } = someNames();
  const unitPrice = { amount: 500, currency: 'EUR' };
  const bodies: Readonly<Record<string, object>> = {
    RegisterUserDto: { username, email: newEmail, password: newPassword },
    ChangeEmailDto: { email: newEmail, currentPassword },
    ChangePasswordDto: { currentPassword, newPassword },
    ChangeUsernameDto: { username },
    RevertProfileDto: { toVersion: 1 },
    ForgetUserDto: caller === owner ? { password: currentPassword } : { reason: username },
    SignInDto: { email, password: currentPassword },
    RequestPasswordResetDto: { email },
    ResetPasswordDto: { token: resetToken, newPassword },
    AddProductDto: { sku: `NEW-${username.slice(4)}`, name: username, unitPrice, stock: 1 },
    AddStockDto: { quantity: 1 },
    PlaceOrderDto: { lines: [{ sku, quantity: 1 }] },
    PayOrderDto: { reference: username },
    CancelOrderDto: { reason: username },
    MoveGoneSubscriptionDto: { successor: SIDE_EFFECT },
    CancelScheduleDto: { reason: username },
    HandInCosignaturesDto: { checkpoint: cosigned },
  };
  return bodies[dto];
}

/** Makes the owner's registration a dead letter. Returns its id. */
async function leaveDeadLetter(url: string, { userId }: Person, subscription: string): Promise<string> {
  await runSql(
    url,
    `insert into leftfold_parked_events (id, subscription, stream, position, state, tries, attempts, first_failed_at, last_failed_at, error)
     select '${userId}', '${subscription}', stream, position, 'dead', 1, 1, 0, 0, 'no mail'
       from leftfold_events where stream = 'user-${userId}' and version = 1`,
  );
  return userId;
}

/** Leaves a gone side effect, as of an earlier version of the program. Returns its name. */
async function leaveGoneSubscription(url: string, { userId }: Person): Promise<string> {
  const name = `${GONE}-${userId.slice(-12)}`;
  await runSql(
    url,
    `insert into leftfold_subscriptions (name, version, types, log_id, position, parked, handled, epoch, expires_at)
     select '${name}', 1, '[]', log_id, 1, 1, 0, 1, 0 from leftfold_event_log`,
  );
  return name;
}

/** Leaves a command that is due in the far future. Returns its id. */
async function leaveSchedule(url: string, { userId }: Person): Promise<string> {
  await runSql(
    url,
    `insert into leftfold_saga_commands (id, saga, stream, position, place, name, version, data, correlation_id, causation_id, state, due_at, schedule_key)
     select '${userId}', 'orders.fulfilment', stream, position, 0, 'orders.expire-order', 1, '{}', correlation_id, event_id,
            'scheduled', 4000000000000, 'far' from leftfold_events where stream = 'user-${userId}' and version = 1`,
  );
  return userId;
}

async function askForReset(app: TestApp, { userId, email, path, signedIn }: Person): Promise<string> {
  await app.anyone.post('/password-resets', { email });
  return eventually(async () => {
    const { body } = await (await app.operator()).get(`${path}/history`, since(signedIn));
    const { items } = body as { items: EventItem[] };
    const requested = items.find(({ type }) => type === 'users.password-reset-requested');
    const { resetId } = requested!.data as { resetId: string };
    return app.nest.get(ResetTokens).issue({ userId, resetId });
  });
}

/**
 * Everything that a request could change: the log, passwords, parked events, requests to subscriptions. Effects of an earlier
 * request may still continue: a saga's commands, a retried event.
 */
export async function stateOf(app: TestApp): Promise<Readonly<Record<string, unknown>>> {
  const { url } = app.database;
  const items = await subscriptionsOf(app);
  return {
    events: await runSql(url, `select max(position) as last from leftfold_events where actor not like 'saga:%'`),
    credentials: await runSql(url, 'select * from credentials order by user_id'),
    deadLetters: await runSql(url, `select * from leftfold_parked_events where state = 'dead' order by id`),
    schedules: await runSql(url, `select id from leftfold_saga_commands where schedule_key = 'far' order by id`),
    cosignatures: await runSql(url, 'select size, witness from leftfold_proof_cosignatures'),
    recurring: await runSql(url, 'select * from leftfold_recurring_jobs'),
    subscriptions: await runSql(url, 'select name from leftfold_subscriptions order by name'),
    asked: items.map(({ name, state, rebuild }) => ({ name, paused: state === 'paused', rebuild })),
  };
}

async function subscriptionsOf(app: TestApp): Promise<SubscriptionAnswer[]> {
  const { body } = await (await app.operator()).get('/subscriptions?limit=200');
  return (body as { items: SubscriptionAnswer[] }).items;
}

/** Waits until the read model that was paused runs again. */
export async function letRun(app: TestApp): Promise<void> {
  const operator = await app.operator();
  await operator.post(`/subscriptions/${STEERED}/resume`);
  await until(operator, STEERED, { state: 'live' });
}
