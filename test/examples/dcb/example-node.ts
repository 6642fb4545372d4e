import { EventLog, EventSourcingModule, MessageContext, type Origin } from '@leftfold/core';
import { type INestApplicationContext, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { COURSES } from './courses.js';
import { INVOICES } from './invoices.js';
import { PRICES } from './prices.js';
import { SIGN_UPS } from './sign-ups.js';
import { SUBMISSIONS } from './submissions.js';
import { USERNAMES } from './usernames.js';

const EXAMPLES = [COURSES, INVOICES, PRICES, SIGN_UPS, SUBMISSIONS, USERNAMES];

/** All examples in one application: a node that shares its database with others. */
export class ExampleNode {
  private constructor(private readonly app: INestApplicationContext) {}

  static async start({ url, viewsUrl }: { url: string; viewsUrl: string }): Promise<ExampleNode> {
    class ExamplesModule {}
    Module({
      imports: [
        EventSourcingModule.forRoot({ url, viewsUrl }),
        ...EXAMPLES.map(({ feature }) => EventSourcingModule.forFeature(feature)),
      ],
      providers: EXAMPLES.flatMap<Provider>(({ handlers }) => handlers),
    })(ExamplesModule);
    return new ExampleNode(
      await NestFactory.createApplicationContext(ExamplesModule, { logger: ['error'], abortOnError: false }),
    );
  }

  /** Executes a command, under this command id if one is given. */
  execute<R>(command: Command<R>, origin: Pick<Origin, 'commandId'> = {}): Promise<R> {
    return this.app
      .get(MessageContext, { strict: false })
      .run({ actor: 'example', correlationId: uuidv7(), ...origin }, () => this.app.get(CommandBus).execute(command));
  }

  get log(): EventLog {
    return this.app.get(EventLog, { strict: false });
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}
