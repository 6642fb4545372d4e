/**
 * The sections of the page, in order. A declaration belongs to the first topic that names its file or one of its folders.
 * @typedef {{ title: string, about: string, paths: readonly string[] }} Topic `paths` within the kernel, without `.ts`
 * @type {readonly Topic[]}
 */
export const TOPICS = [
  {
    title: 'Set-up',
    about: 'One module, imported once with `forRootAsync` and by each feature with `forFeature`.',
    paths: ['event-sourcing.module', 'options', 'feature-definition', 'constructor'],
  },
  {
    title: 'Events',
    about: 'What has happened, under stored names that never change.',
    paths: ['events'],
  },
  {
    title: 'Aggregates',
    about: 'Where decisions are made: state folded from one stream, loaded, decided upon, stored.',
    paths: ['aggregates'],
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
      'subscriptions/projection.decorator',
      'subscriptions/side-effect.decorator',
      'subscriptions/retry.decorator',
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
    title: 'The log',
    about: 'The append-only table under everything, for those who need more than an aggregate.',
    paths: ['event-log', 'subscriptions/log-follower'],
  },
  {
    title: 'Operating',
    about: 'What operators see and do: subscriptions, dead letters, checks of the log, backups, measurements.',
    paths: [
      'subscriptions/subscriptions',
      'subscriptions/gone',
      'subscriptions/parking',
      'subscriptions/rebuild',
      'subscriptions/stand-in',
      'verify',
      'backup',
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
];

/**
 * @param {string} path of a source file within the kernel, without `.ts`
 */
export function topicOf(path) {
  const found = TOPICS.find(({ paths }) => paths.some((each) => path === each || path.startsWith(`${each}/`)));
  if (!found)
    throw new Error(`No topic has packages/core/src/${path}.ts. Add it to tools/kernel-reference/topics.mjs.`);
  return found;
}
