/** @type {import('../page-plan.mjs').PagePlan} */
export const PROOFS = {
  file: 'proofs.md',
  folder: 'packages/proofs/src',
  entry: 'index.ts',
  introduction: `# @leftfold/proofs

What an application may import from \`@leftfold/proofs\`, by topic. [Its README](../../packages/proofs/README.md) shows the set-up,
[Trust](../explanation/trust.md) what is proved, and [Audit the log](../how-to/audit-the-log.md) how. \`@leftfold/proofs/cli\` has \`proofCommands\`, for the command line.`,
  topics: [
    { title: 'Set-up', about: 'One module.', paths: ['proofs.module', 'http', 'sealing'] },
    { title: 'Proofs', about: 'Checkpoints, tiles and proofs of events.', paths: ['proving', 'records', 'tree'] },
    {
      title: 'Verifying',
      about:
        'The log against its tree, a proof without a database, certificates that a person is forgotten, and witnesses.',
      paths: ['verifying', 'witnessing', 'forgetting'],
    },
    { title: 'Notes', about: 'Keys and signed texts, in the formats of C2SP.', paths: ['notes'] },
  ],
};
