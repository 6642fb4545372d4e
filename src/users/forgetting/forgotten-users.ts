import { AggregateRepository, PersonalData, ReadModelBehindError, ReadModelPositions } from '@leftfold/core';
import { type ForgettingCertificate, ForgettingCertificates } from '@leftfold/proofs';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { User } from '../domain/user.aggregate.js';

/** Waits until users are forgotten everywhere, and certifies it. */
@Injectable()
export class ForgottenUsers {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly personalData: PersonalData,
    private readonly readModels: ReadModelPositions,
    private readonly certificates: ForgettingCertificates,
    private readonly settings: Settings,
  ) {}

  /**
   * Waits as long as queries wait.
   * @param position of the event that forgets the user
   * @param caller the waiting actor
   * @returns undefined when it takes longer: it goes on by itself, and can be asked for again
   */
  async certificateOf(userId: string, position: number, caller: string): Promise<ForgettingCertificate | undefined> {
    const end = performance.now() + this.settings.readWaitLimit;
    try {
      await Promise.all([this.personalData.settled(position), this.readModels.waitFor(position, undefined, caller)]);
    } catch (error) {
      if (error instanceof ReadModelBehindError) return undefined;
      throw error;
    }
    const { forgotten } = await this.aggregates.load(User, userId);
    const left = Math.max(0, end - performance.now());
    return this.certificates.of(userId, forgotten?.checkpoint ?? null, left);
  }
}
