// What `@jest/globals` gives to tests that run in this process itself.
export const { jest, expect, describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = globalThis;
