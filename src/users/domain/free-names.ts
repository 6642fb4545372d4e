import { AggregateRepository, InjectReadModelRepository, type ModelParticipant } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { Repository } from 'typeorm';
import { UserView } from '../read-models/user-view/user-view.entity.js';
import { lookOf } from './confusables/look.js';
import { NameClaims, type Names } from './unique-names.js';
import { User } from './user.aggregate.js';
import { UsernameTooSimilarError } from './user.errors.js';

/** Names that a user wants to have. */
export interface WantedNames {
  /** Takes part in the decision. */
  readonly claims: ModelParticipant<NameClaims>;
  /** @throws EmailTakenError, UsernameTakenError, UsernameTooSimilarError */
  refuseTaken(this: void, claims: NameClaims): void;
}

/** Refuses names of other users, including the looks of names that were claimed before events had tags of looks. */
@Injectable()
export class FreeNames {
  constructor(
    @InjectReadModelRepository(UserView) private readonly views: Repository<UserView>,
    private readonly aggregates: AggregateRepository,
  ) {}

  async want(userId: string, names: Names & { username: string }): Promise<WantedNames> {
    const isTooSimilar = await this.hasLookAlike(userId, names.username);
    return {
      claims: NameClaims.of(names),
      refuseTaken: (claims) => {
        claims.refuseOthers(userId, names);
        if (isTooSimilar) throw UsernameTooSimilarError.toAnother();
      },
    };
  }

  /** The read model names possible holders; the log, which has later changes, decides. */
  private async hasLookAlike(userId: string, username: string): Promise<boolean> {
    const look = lookOf(username);
    for (const { userId: other } of await this.views.findBy({ usernameLook: look })) {
      if (other === userId) continue;
      const { profile } = await this.aggregates.load(User, other);
      if (lookOf(profile.username) === look) return true;
    }
    return false;
  }
}
