import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { EventLog, Databases } from '../../event-sourcing/index.js';
import { CredentialEntity } from './credential.entity.js';
import { PasswordCost } from './password-cost.js';

/** `Algorithm.Argon2id`: an ambient enum, which isolated modules can't name. */
const ARGON2ID = 2;
const HOUR = 60 * 60 * 1000;

/** Password hashes. Found only through the user's id, which only the log gives out. */
@Injectable()
export class Credentials {
  /** What an unknown user's password is compared with, so that the answer takes as long. */
  private readonly decoy: Promise<string>;

  constructor(
    private readonly databases: Databases,
    private readonly log: EventLog,
    private readonly cost: PasswordCost,
  ) {
    this.decoy = this.hash('nobody has this password');
  }

  async put(userId: string, password: string): Promise<void> {
    const passwordHash = await this.hash(password);
    await this.databases.besideTheLog((manager) =>
      manager.upsert(CredentialEntity, { userId, passwordHash, createdAt: Date.now() }, ['userId']),
    );
  }

  async verify(userId: string | undefined, password: string): Promise<boolean> {
    const credential = await this.databases.events.read.manager.findOneBy(CredentialEntity, { userId: userId ?? '' });
    const expected = credential?.passwordHash ?? (await this.decoy);
    const right = await verify(expected, password.normalize('NFKC'));
    return right && credential !== null;
  }

  /** Takes the hash back, unless the user has been registered. */
  async discard(userId: string): Promise<void> {
    for await (const _ of this.log.readStream(`user-${userId}`, { limit: 1 })) return;
    await this.databases.besideTheLog((manager) => manager.delete(CredentialEntity, { userId }));
  }

  /** Deletes the hashes whose user was never registered: the process died in between, or nobody knew the outcome. */
  async sweep(now: Date): Promise<void> {
    await this.databases.besideTheLog((manager) =>
      manager
        .createQueryBuilder()
        .delete()
        .from(CredentialEntity)
        .where('created_at < :before', { before: now.getTime() - HOUR })
        .andWhere(`not exists (select 1 from events e where e.stream = 'user-' || user_id)`)
        .execute(),
    );
  }

  private hash(password: string): Promise<string> {
    const { memoryCost, timeCost, parallelism } = this.cost;
    return hash(password.normalize('NFKC'), { algorithm: ARGON2ID, memoryCost, timeCost, parallelism });
  }
}
