import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppProcess, killLeftovers } from '../../packages/core/test/support/app-process.js';
import { LONG_LIMIT_MS } from '../../packages/core/test/support/once-a-run.js';
import { describeIf } from '../../packages/core/test/support/skipping.js';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { NATS_SERVER, NatsServer, NO_NATS_SERVER } from '../../packages/nats/test/support/nats-server.js';
import { installPackages } from './install-packages.js';

/** Publishes an event, and takes it again as a message, whose command stores another one. */
const PROGRAM = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CommandHandler } from '@nestjs/cqrs';
import { Decisions, DomainEvent, EventLog, EventSourcingModule } from '@leftfold/core';
import { IntegrationEventHandler, NatsModule } from '@leftfold/nats';

class OrderPlaced { constructor(orderId) { this.orderId = orderId; } }
DomainEvent('orders.order-placed')(OrderPlaced);
class OrderNoted { constructor(orderId) { this.orderId = orderId; } }
DomainEvent('notes.order-noted')(OrderNoted);

class NoteOrderCommand { constructor(orderId) { this.orderId = orderId; } }
class NoteOrderHandler {
  constructor(decisions) { this.decisions = decisions; }
  execute({ orderId }) {
    return this.decisions.decide({}, (_, changes) => changes.append('note-' + orderId, new OrderNoted(orderId)));
  }
}
Reflect.defineMetadata('design:paramtypes', [Decisions], NoteOrderHandler);
CommandHandler(NoteOrderCommand)(NoteOrderHandler);

class NoteOrder { toCommand({ data }) { return new NoteOrderCommand(data.orderId); } }
IntegrationEventHandler('leftfold.order.*', { name: 'notes.note-order' })(NoteOrder);

class AppModule {}
Module({
  imports: [
    EventSourcingModule.forRoot({ url: 'sqlite:./events.sqlite' }),
    EventSourcingModule.forFeature({ events: [OrderPlaced, OrderNoted] }),
    NatsModule.forRoot({ servers: process.argv[2], categories: ['order'], backoff: { first: 50, longest: 200 } }),
  ],
  providers: [NoteOrderHandler, NoteOrder],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule);
const log = app.get(EventLog);
await log.append([
  { stream: 'order-7', expected: 'no-stream', events: [{ type: 'orders.order-placed', schemaVersion: 1, data: { orderId: '7' } }] },
]);
for (let noted = false; !noted; ) {
  for await (const { type, data } of log.readStream('note-7')) {
    console.log(type + ' ' + data.orderId);
    noted = true;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await app.close();
`;

describeIf(NATS_SERVER, NO_NATS_SERVER)('an application with @leftfold/nats from its tarball', () => {
  let folder: string;
  let server: NatsServer;

  beforeAll(async () => {
    folder = await createScratchFolder('nats-application');
    await installPackages(folder);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'main.js'), PROGRAM);
    const broker = join(folder, 'broker');
    await mkdir(broker);
    server = await NatsServer.start(broker);
  }, LONG_LIMIT_MS + 60_000);

  afterEach(() => killLeftovers());
  afterAll(() => server?.kill());

  it('publishes events, and takes messages', async () => {
    const app = await AppProcess.run({
      script: join(folder, 'main.js'),
      args: [server.url],
      cwd: folder,
      limitMs: 60_000,
    });

    expect(app.output).toContain('notes.order-noted 7');
    expect({ code: app.code, errors: app.errorLines }).toEqual({ code: 0, errors: [] });
  }, 90_000);
});
