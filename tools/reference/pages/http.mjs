/** @type {import('../page-plan.mjs').PagePlan} */
export const HTTP = {
  file: 'http.md',
  folder: 'packages/http/src',
  entry: 'index.ts',
  introduction: `# @leftfold/http

What an application may import from \`@leftfold/http\`, by topic. [Its README](../../packages/http/README.md) shows the set-up.`,
  topics: [
    {
      title: 'Set-up',
      about: 'One module, and one call before the application listens.',
      paths: ['http.module', 'http-options', 'configure-http', 'http-adapter', 'draining', 'process', 'connections'],
    },
    {
      title: 'Requests',
      about: 'Who asks, who may, and what a parameter must be.',
      paths: ['requests'],
    },
    { title: 'Answers', about: 'Entity tags and positions of what is answered.', paths: ['responses'] },
    {
      title: 'Outcomes',
      about: 'Commands that are answered when what follows from them has happened.',
      paths: ['outcomes'],
    },
    { title: 'Problems', about: 'Errors as problem documents (RFC 9457).', paths: ['problems'] },
    { title: 'Lists', about: 'Pages by cursor.', paths: ['lists'] },
    { title: 'History', about: 'Events as an answer, and questions about the past.', paths: ['history'] },
    { title: 'Live streams', about: 'Server-sent events that follow the log.', paths: ['live'] },
    { title: 'OpenAPI', about: 'Decorators for what several operations share.', paths: ['docs'] },
  ],
};
