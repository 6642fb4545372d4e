/** Test databases, for the tests of features. The packages' own tests share them. */
export {
  createTestDatabase,
  DATABASE_KINDS,
  type DatabaseKind,
  type TestDatabase,
} from '../../packages/core/test/support/databases.js';
