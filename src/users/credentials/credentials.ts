import { AggregateRepository, Databases, EventLog } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { LessThan, Not } from 'typeorm';
import { User } from '../domain/user.aggregate.js';
import { CredentialEntity } from './credential.entity.js';
import { PasswordHasher } from './password-hasher.js';

const HOUR = 60 * 60 * 1000;

/** Password hashes. Found only through the user's id, which only the log knows. */
@Injectable()
export class Credentials {
  /** Compared with an unknown user's password, so that the answer takes as long. */
  private readonly decoy: string;

  constructor(
    private readonly databases: Databases,
    private readonly log: EventLog,
    private readonly aggregates: AggregateRepository,
    private readonly hasher: PasswordHasher,
  ) {
    this.decoy = hasher.decoy();
  }

  /** @param passwordId left out at the registration */
  async put(userId: string, password: string, passwordId = ''): Promise<void> {
    const passwordHash = await this.hasher.hash(password);
    await this.databases.besideTheLog((manager) =>
      manager.upsert(CredentialEntity, { userId, passwordId, passwordHash, createdAt: Date.now() }, [
        'userId',
        'passwordId',
      ]),
    );
  }

  /** Whether it is the user's password, judged by one hash; `passwordId` says which password that is. */
  async verify(userId: string | undefined, password: string): Promise<{ right: boolean; passwordId: string }> {
    const credential = await this.find(userId);
    const expected = credential?.passwordHash ?? this.decoy;
    const right = await this.hasher.verify(expected, password);
    return { right: right && credential !== undefined, passwordId: credential?.passwordId ?? '' };
  }

  /** Deletes the hash again, unless the user has been registered. */
  async discard(userId: string): Promise<void> {
    for await (const _ of this.log.readStream(`user-${userId}`, { limit: 1 })) return;
    await this.databases.besideTheLog((manager) => manager.delete(CredentialEntity, { userId }));
  }

  /** Deletes the hashes of a forgotten user. */
  async erase(userId: string): Promise<void> {
    await this.databases.besideTheLog((manager) => manager.delete(CredentialEntity, { userId }));
  }

  async discardPassword(userId: string, passwordId: string): Promise<void> {
    await this.databases.besideTheLog((manager) => manager.delete(CredentialEntity, { userId, passwordId }));
  }

  /** There are two while a password is changed, or after a process died in between. The log says which one is current. */
  private async find(userId: string | undefined): Promise<CredentialEntity | undefined> {
    const found = await this.databases.events.read.manager.findBy(CredentialEntity, { userId: userId ?? '' });
    if (found.length < 2 || !userId) return found[0];
    const { passwordId } = await this.aggregates.load(User, userId);
    return found.find((each) => each.passwordId === passwordId);
  }

  /**
   * Deletes hashes older than an hour that are not current: those of users who were never registered, and of passwords
   * that the log does not name, because the process died in between or the outcome was unknown.
   */
  async sweep(now: Date): Promise<void> {
    const before = now.getTime() - HOUR;
    await this.databases.besideTheLog((manager) =>
      manager
        .createQueryBuilder()
        .delete()
        .from(CredentialEntity)
        .where('created_at < :before', { before })
        .andWhere(`not exists (select 1 from leftfold_events e where e.stream = 'user-' || user_id)`)
        .execute(),
    );
    for (const userId of await this.withSeveral()) {
      const { passwordId } = await this.aggregates.load(User, userId);
      await this.databases.besideTheLog((manager) =>
        manager.delete(CredentialEntity, { userId, passwordId: Not(passwordId), createdAt: LessThan(before) }),
      );
    }
  }

  private async withSeveral(): Promise<string[]> {
    const rows = await this.databases.events.read.manager
      .createQueryBuilder(CredentialEntity, 'credential')
      .select('credential.userId', 'userId')
      .groupBy('credential.userId')
      .having('count(*) > 1')
      .getRawMany<{ userId: string }>();
    return rows.map(({ userId }) => userId);
  }
}
