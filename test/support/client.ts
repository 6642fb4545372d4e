export { type Answer, type Body, Client, type Headers, since } from '../../src/platform/testing/client.js';
