import { AggregateRepository, type Guard, InjectReadModelRepository } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { Not, Repository } from 'typeorm';
import type { UserEvent } from '../events/user.events.js';
import { UserView } from '../read-models/user-view/user-view.entity.js';
import { lookOf } from './confusables/look.js';
import { namesAreFree } from './unique-names.js';
import { User } from './user.aggregate.js';
import { UsernameTooSimilarError } from './user.errors.js';

/** Guards claimed names, including the looks of names that were claimed before events had tags of looks. */
@Injectable()
export class FreeNames {
  constructor(
    @InjectReadModelRepository(UserView) private readonly views: Repository<UserView>,
    private readonly aggregates: AggregateRepository,
  ) {}

  async guard(userId: string, names: { email?: string; username: string }): Promise<Guard<UserEvent>> {
    const guard = namesAreFree(userId, names);
    const isTooSimilar = await this.hasLookAlike(userId, names.username);
    return {
      ...guard,
      // Thrown here, because a repeat of a command that was stored is answered without the guard.
      check: (events) => {
        guard.check(events);
        if (isTooSimilar) throw UsernameTooSimilarError.toAnother();
      },
    };
  }

  /** The read model names possible holders; the log, which has later changes, decides. */
  private async hasLookAlike(userId: string, username: string): Promise<boolean> {
    const look = lookOf(username);
    const found = await this.views.find({ where: { usernameLook: look, userId: Not(userId) }, take: 10 });
    for (const { userId: other } of found) {
      const { profile } = await this.aggregates.load(User, other);
      if (lookOf(profile.username) === look) return true;
    }
    return false;
  }
}
