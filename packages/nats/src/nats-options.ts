import { isCategory, type RetryOptions, SetupError } from '@leftfold/core';
import type { NatsLogin } from './connection/login.js';
import { parseServers } from './connection/servers.js';

/** How events go to NATS JetStream, and where messages come from. Times are in ms. Only `servers` has no default. */
export interface NatsOptions {
  /**
   * One server of the cluster or several: `nats://[<user>:<password>@]<host>[:<port>]`, or `tls://` for TLS. A user
   * without a password is a token. The first URL with a user says who logs in to all of them.
   */
  readonly servers: string | readonly string[];
  /**
   * Certificates for TLS, as texts in PEM: the authorities that have signed those of the servers, when Node.js does not
   * know them, and this client's own with its key. Default: none; `tls://` uses the authorities of Node.js.
   */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
  /** Credentials or an NKey, in place of a user in the URL. Default: none. */
  readonly login?: NatsLogin | undefined;
  /** Categories whose events are published. Default: all. */
  readonly categories?: readonly string[] | undefined;
  /** `source` of the CloudEvents: a URI reference that names this application. Default: `/leftfold`. */
  readonly source?: string;
  /** Subjects begin with it. Default: `leftfold`. */
  readonly subjectPrefix?: string;
  /**
   * The JetStream stream that is made when no stream takes the subjects; one that exists is used as it is. Default:
   * `LEFTFOLD`, with 1 replica.
   */
  readonly stream?: { readonly name?: string; readonly replicas?: number };
  /** Name of the subscription. Default: `nats.publish`. */
  readonly name?: string;
  /** Where a new subscription begins: with events stored from `now` on, the default, or at the `beginning` of the log. */
  readonly startAt?: 'now' | 'beginning';
  /** The most events, of different streams, that wait for their acknowledgement at the same time. Default: 64. */
  readonly concurrency?: number;
  /** The longest that it waits for a connection, or for an acknowledgement. Default: 5,000. */
  readonly timeout?: number;
  /** Pauses while the broker is away: doubling from `first` to `longest`. Default: from 100 to 10,000. */
  readonly backoff?: RetryOptions['backoff'];
}

/** The options with all defaults filled in. */
export interface ResolvedNatsOptions extends Required<
  Omit<NatsOptions, 'categories' | 'login' | 'servers' | 'stream' | 'tls'>
> {
  readonly servers: readonly string[];
  readonly tls: NatsOptions['tls'];
  readonly login: NatsOptions['login'];
  readonly categories: readonly string[] | undefined;
  readonly stream: { readonly name: string; readonly replicas: number };
}

/** Subjects of one token or several, without wildcards. */
const PREFIX = /^[\w-]+(\.[\w-]+)*$/;

/** What JetStream takes as the name of a stream. */
const STREAM = /^[^\s.*>/\\\p{Cc}]{1,255}$/u;

/** The longest that a timer of Node waits. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * Fills in the defaults.
 * @throws SetupError when a server is no URL of NATS, or another option has no meaning
 */
export function resolveNatsOptions(options: NatsOptions): ResolvedNatsOptions {
  const { stream = {}, categories, subjectPrefix = 'leftfold', timeout = 5_000 } = options;
  const servers = typeof options.servers === 'string' ? [options.servers] : options.servers;
  const { user, token } = parseServers(servers);
  if (options.login && (user ?? token) !== undefined) {
    throw new SetupError('NatsModule has a login, and a URL of its servers has a user. Keep one of them.');
  }
  if (!PREFIX.test(subjectPrefix)) {
    throw new SetupError(
      `The subject prefix of NatsModule is "${subjectPrefix}". Use letters, digits, hyphens and underscores, with dots between them.`,
    );
  }
  const odd = categories?.find((each) => !isCategory(each));
  if (odd !== undefined) {
    throw new SetupError(`"${odd}" is among the categories of NatsModule, and no stream can have that category.`);
  }
  const resolved: ResolvedNatsOptions = {
    servers,
    tls: options.tls,
    login: options.login,
    categories,
    subjectPrefix,
    timeout,
    source: options.source ?? '/leftfold',
    stream: { name: stream.name ?? 'LEFTFOLD', replicas: stream.replicas ?? 1 },
    name: options.name ?? 'nats.publish',
    startAt: options.startAt ?? 'now',
    concurrency: options.concurrency ?? 64,
    backoff: options.backoff ?? { first: 100, longest: 10_000 },
  };
  checkTimes(resolved);
  checkStream(resolved);
  return resolved;
}

function checkTimes({ timeout, backoff: { first, longest } }: ResolvedNatsOptions): void {
  if (!(timeout >= 1 && timeout <= LONGEST_WAIT)) {
    throw new SetupError(`The timeout of NatsModule is ${timeout} ms. Give a time from 1 to ${LONGEST_WAIT} ms.`);
  }
  if (!(first >= 0 && longest >= first && longest <= LONGEST_WAIT)) {
    throw new SetupError(
      `The backoff of NatsModule is from ${first} to ${longest} ms. Give times from 0 to ${LONGEST_WAIT} ms, and longest at least as long as first.`,
    );
  }
}

function checkStream({ stream: { name, replicas }, startAt }: ResolvedNatsOptions): void {
  if (!STREAM.test(name)) {
    throw new SetupError(
      `The stream of NatsModule is named "${name}". Give a name without blanks, dots, slashes, asterisks and ">".`,
    );
  }
  if (!(Number.isInteger(replicas) && replicas >= 1)) {
    throw new SetupError(`The stream of NatsModule has ${replicas} replicas. Give a whole number from 1 on.`);
  }
  if (!['now', 'beginning'].includes(startAt)) {
    throw new SetupError(`startAt of NatsModule is "${startAt}". Give "now" or "beginning".`);
  }
}
