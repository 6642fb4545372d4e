// Jest can't require an ES module, as @fastify/static requires this one; Node itself can.
const { createRequire } = process.getBuiltinModule('node:module');

module.exports = createRequire(__filename)('content-disposition');
