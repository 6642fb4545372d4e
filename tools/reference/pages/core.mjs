/** @type {import('../page-plan.mjs').PagePlan} */
export const CORE = {
  file: 'core.md',
  folder: 'packages/core/src',
  entry: 'index.ts',
  introduction: `# @leftfold/core

What an application may import from \`@leftfold/core\`, by topic. Classes are injected by their name, as usual in Nest.
[Its README](../../packages/core/README.md) says what it promises, and [the life of an event](../explanation/life-of-an-event.md)
how the parts work together. What tests import has [a page of its own](core-testing.md).`,
  topics: [
    {
      title: 'Set-up',
      about: 'One module, imported once with `forRootAsync` and by each feature with `forFeature`.',
      paths: ['module', 'constructor'],
    },
    {
      title: 'Events',
      about: 'What has happened, under stored names that never change.',
      paths: ['events'],
    },
    {
      title: 'Aggregates',
      about: 'State folded from one stream, with methods that decide.',
      paths: ['aggregates'],
    },
    {
      title: 'Decisions',
      about: 'Rules over one stream or several: what a command reads, decides and stores in one append.',
      paths: ['decisions'],
    },
    {
      title: 'Commands',
      about: 'Who asked, under which id, and what came of it; and commands that are stored to be executed later.',
      paths: ['commands'],
    },
    {
      title: 'Handlers that follow the log',
      about:
        'Decorators beside `@EventsHandler` of `@nestjs/cqrs` that say what a handler is, and what happens when it throws.',
      paths: [
        'read-models/projection.decorator',
        'side-effects',
        'module/relays',
        'subscriptions/dependency-away.error',
        'subscriptions/retry.decorator',
        'subscriptions/states/restart',
        'subscriptions/event-handler',
      ],
    },
    {
      title: 'Read models',
      about: 'Rows that projections write, and waiting until they include a position.',
      paths: ['read-models'],
    },
    {
      title: 'Sagas',
      about: 'When this has happened, then ask for that: durable, in order, with an effect exactly once.',
      paths: ['sagas'],
    },
    {
      title: 'Recurring jobs',
      about: 'Commands on a schedule, once for each due time over all nodes.',
      paths: ['recurring'],
    },
    {
      title: 'Messages of brokers',
      about: 'For packages that connect a broker, such as `@leftfold/nats`: messages become commands, each once.',
      paths: ['inbox', 'subscriptions/subscription-host', 'subscriptions/retry-policy'],
    },
    {
      title: 'Personal data',
      about: 'Fields of events that are encrypted with a key for each person, and forgotten with it.',
      paths: [
        'personal-data/personal-data',
        'personal-data/key-store',
        'personal-data/decrypt-fields',
        'operations/forgetting',
        'events/personal-fields',
      ],
    },
    {
      title: 'The log',
      about: 'The append-only table under everything, for those who need more than an aggregate.',
      paths: ['event-log', 'subscriptions/log-follower', 'subscriptions/left-subscriptions'],
    },
    {
      title: 'Operating',
      about: 'What operators see and do: subscriptions, dead letters, checks of the log, backups, measurements.',
      paths: [
        'operations',
        'subscriptions/parking',
        'subscriptions/ranges',
        'subscriptions/subscription',
        'telemetry',
        'personal-data',
      ],
    },
    {
      title: 'Databases',
      about: 'Where the log and the read models are kept.',
      paths: ['databases'],
    },
    {
      title: 'Errors',
      about: 'What sorts of errors there are; each one stands with what throws it.',
      paths: ['errors', 'error-serializer'],
    },
  ],
};
