import { Injectable } from '@nestjs/common';
import { EventLog, EventSerializer } from '../../event-sourcing/index.js';
import type { UserEvent } from '../events/user.events.js';
import { holderOf } from './unique-names.js';

/** Finds users in the log itself, so that somebody who has just registered is found. */
@Injectable()
export class RegisteredUsers {
  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
  ) {}

  async findByEmail(email: string): Promise<string | undefined> {
    const events: UserEvent[] = [];
    for await (const recorded of this.log.readTagged({ tags: [{ name: 'email', value: email }] })) {
      const event = this.serializer.fromRecorded<UserEvent>(recorded);
      if (event) events.push(event);
    }
    return holderOf('email', email, events);
  }
}
