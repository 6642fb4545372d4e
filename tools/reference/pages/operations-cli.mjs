/** @type {import('../page-plan.mjs').PagePlan} */
export const OPERATIONS_CLI = {
  file: 'operations-cli.md',
  folder: 'packages/operations/src',
  entry: 'cli/index.ts',
  introduction: `# @leftfold/operations/cli

What an application's command line imports from \`@leftfold/operations/cli\`. [The command line](command-line.md) says what its commands do.`,
  topics: [
    {
      title: 'Arguments',
      about: 'Checks of what a person typed, with a sentence for what is wrong.',
      paths: ['cli/values', 'cli/shared-options'],
    },
    {
      title: 'Output',
      about: 'Tables, fields, numbers and progress, for people and as JSON.',
      paths: ['cli/output', 'cli/columns', 'cli/format', 'cli/progress'],
    },
    {
      title: 'A command line',
      about: 'A function of arguments, environment and streams, and the process around it.',
      paths: ['cli'],
    },
    {
      title: 'Commands',
      about: 'Those for operators, to be added to a command line.',
      paths: [
        'audit',
        'backup',
        'subscriptions',
        'nodes',
        'schedules',
        'recurring',
        'tags',
        'look-ups',
        'personal-data',
      ],
    },
  ],
};
