import { EventLog, EventSerializer, withAnyTag } from '@leftfold/core';
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
  ) {}

  async findByEmail(email: string): Promise<string | undefined> {
    // The last event that names an address claims it or gives it up. Earlier events don't count.
    const tags = emailSpellings(email).map((value) => ({ name: 'email', value }));
    for await (const recorded of this.log.readTagged(withAnyTag(tags), { backwards: true, limit: 1 })) {
      return holderOf('email', email, this.serializer.eventsOf<UserEvent>(recorded));
    }
    return undefined;
  }
}
