import { createHash } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

const text = new TextDecoder();

export const seedOf = (pair: KeyPair): string => text.decode(pair.getSeed());

/** An operator with an account for its system and one with JetStream: settings of a server that trusts it. */
export class Operator {
  private readonly own = nkeys.createOperator();
  private readonly account = nkeys.createAccount();

  /** Lines of the server's file. */
  get settings(): readonly string[] {
    const system = nkeys.createAccount().getPublicKey();
    const account = this.account.getPublicKey();
    const unlimited = { subs: -1, conn: -1, leaf: -1, imports: -1, exports: -1, data: -1, payload: -1 };
    const limits = { ...unlimited, wildcards: true, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
    const preloaded = [
      `${system}: ${signed(this.own, system, { type: 'account', limits: unlimited })}`,
      `${account}: ${signed(this.own, account, { type: 'account', limits })}`,
    ];
    return [
      `operator: ${signed(this.own, this.own.getPublicKey(), { type: 'operator', system_account: system })}`,
      'resolver: MEMORY',
      `resolver_preload: { ${preloaded.join(', ')} }`,
    ];
  }

  /** The text of a `.creds` file of a new user, as `nsc generate creds` writes it. */
  credentials(): string {
    const user = nkeys.createUser();
    const limits = { subs: -1, data: -1, payload: -1 };
    const jwt = signed(this.account, user.getPublicKey(), { type: 'user', ...limits });
    return [
      '-----BEGIN NATS USER JWT-----',
      jwt,
      '------END NATS USER JWT------',
      '',
      '************************* IMPORTANT *************************',
      'NKEY Seed printed below can be used to sign and prove identity.',
      'NKEYs are sensitive and should be treated as secrets.',
      '',
      '-----BEGIN USER NKEY SEED-----',
      seedOf(user),
      '------END USER NKEY SEED------',
      '',
      '*************************************************************',
      '',
    ].join('\n');
  }
}

/** A JWT of version 2, which the issuer signs with its NKey. */
function signed(issuer: KeyPair, subject: string, claims: object): string {
  const iat = Math.floor(Date.now() / 1_000);
  const body = { iat, iss: issuer.getPublicKey(), name: 'test', sub: subject, nats: { ...claims, version: 2 } };
  const jti = createHash('sha512-256').update(JSON.stringify(body)).digest('hex');
  const parts = [
    { typ: 'JWT', alg: 'ed25519-nkey' },
    { ...body, jti },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = Buffer.from(issuer.sign(Buffer.from(parts.join('.')))).toString('base64url');
  return [...parts, signature].join('.');
}
