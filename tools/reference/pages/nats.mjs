/** @type {import('../page-plan.mjs').PagePlan} */
export const NATS = {
  file: 'nats.md',
  folder: 'packages/nats/src',
  entry: 'index.ts',
  introduction: `# @leftfold/nats

What an application may import from \`@leftfold/nats\`, by topic. [Its README](../../packages/nats/README.md) shows the set-up, and
[Publish to NATS](../how-to/publish-to-nats.md) and [Receive from NATS](../how-to/receive-from-nats.md) what it promises. \`@leftfold/nats/cli\` has \`relayCommands\`, for the command line.`,
  topics: [
    { title: 'Set-up', about: 'One module.', paths: ['nats.module', 'nats-options', 'connection'] },
    { title: 'Receiving', about: 'Messages of other systems become commands.', paths: ['incoming'] },
    { title: 'Publishing', about: 'Events go out by a subscription, and again on request.', paths: ['outgoing'] },
  ],
};
