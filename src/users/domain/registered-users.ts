import { randomUUID } from 'node:crypto';
import { EventLog, EventSerializer, PersonalData, withAnyTag } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import type { UserEvent } from '../events/user.events.js';
import { emailSpellings } from './email-key.js';
import { holderOf } from './unique-names.js';

/** Finds users in the log itself, so that a new user is found at once. */
@Injectable()
export class RegisteredUsers {
  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly personalData: PersonalData,
  ) {}

  async findByEmail(email: string): Promise<string | undefined> {
    // The last event that names an address claims it or gives it up. Earlier events don't count.
    const tags = emailSpellings(email).map((value) => ({ name: 'email', value }));
    for await (const recorded of this.log.readTagged(withAnyTag(tags), { backwards: true, limit: 1 })) {
      return holderOf('email', email, this.serializer.eventsOf<UserEvent>(recorded));
    }
    // The event of a user costs a look-up of its key. Without one for unknown users, the time would tell who has an account.
    await this.personalData.forgettingOf(randomUUID());
    return undefined;
  }
}
